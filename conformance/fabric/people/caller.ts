import { Session } from '../../clients/session.ts';
import { targetAt } from './target-at.ts';

/** Somebody with a name who holds a token of one gateway: a person in an app, or a system. */
export class Caller extends Session {
  readonly name: string;

  constructor(name: string, { token, fhirUser, target }: Pick<Session, 'token' | 'fhirUser' | 'target'>) {
    super(token, fhirUser, target);
    this.name = name;
  }

  /** The id of a patient's own Patient. */
  get patient(): string {
    if (!this.fhirUser.startsWith('Patient/')) throw new Error(`${this.name} is no patient`);
    return this.fhirUser.slice('Patient/'.length);
  }

  /** The same person, calling at another address: of a replica of the same gateway. */
  at(baseUrl: string): Caller {
    return new Caller(this.name, { ...this, target: targetAt(baseUrl, this.target.dataDir) });
  }
}
