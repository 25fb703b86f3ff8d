import type { Rule, Span } from '@fhir-fabric-gateway/chaincode/api';
import { shapeOf } from '../consent/rule-shape.ts';
import type { WriteConnection } from './connection.ts';
import type { Interned } from './interned.ts';
import { EARLIEST, LATEST, clampTime } from './numbers.ts';

/** Rules for everyone are kept under this number and name. */
export const EVERYONE = { number: 0, name: '*' } as const;

const ends = ([from, to]: Span): [number, number] => [
  from === null ? EARLIEST : clampTime(from),
  to === null ? LATEST : clampTime(to),
];

/** Keeps rules as shapes, which many patients share, and the period of each. */
export class RuleWriter {
  readonly #connection: WriteConnection;
  readonly #interned: Interned;
  constructor(connection: WriteConnection, interned: Interned) {
    this.#connection = connection;
    this.#interned = interned;
  }

  async putGrants(patient: string, grantee: string, consents: Readonly<Record<string, Rule>>): Promise<void> {
    await this.removeGrants(patient, grantee);
    const of = await this.#interned.name('Patient', patient);
    const to = grantee === EVERYONE.name ? EVERYONE.number : await this.#interned.reference(grantee);
    // The ledger's key outlives the last rule under it, and erasure must name it.
    await this.#connection.run('insert into grant_key values (?, ?)', [of, to]);
    for (const [consent, rule] of Object.entries(consents)) {
      const { shape, period } = shapeOf(rule, grantee);
      const number = await this.#interned.shape(shape);
      await this.#connection.run('insert into consent_rule values (?, ?, ?, ?, ?, ?)', [
        of,
        to,
        consent,
        number,
        ...ends(period),
      ]);
    }
  }

  async removeGrants(patient: string, grantee: string): Promise<void> {
    const of = await this.#interned.name('Patient', patient);
    const to = grantee === EVERYONE.name ? EVERYONE.number : await this.#interned.reference(grantee);
    await this.#connection.run('delete from consent_rule where patient = ? and grantee = ?', [of, to]);
    await this.#connection.run('delete from grant_key where patient = ? and grantee = ?', [of, to]);
  }

  async putPrivacy(patient: string, consents: Readonly<Record<string, Rule>>): Promise<void> {
    const of = await this.#interned.name('Patient', patient);
    await this.#connection.run('delete from privacy_rule where patient = ?', [of]);
    for (const [consent, rule] of Object.entries(consents)) {
      const { shape, period } = shapeOf(rule, EVERYONE.name);
      const number = await this.#interned.shape(shape);
      await this.#connection.run('insert into privacy_rule values (?, ?, ?, ?, ?)', [
        of,
        consent,
        number,
        ...ends(period),
      ]);
    }
  }
}
