import { startTestGateway, type Person, type TestGateway } from '../cli/test-gateway.ts';
import type { IndexReader } from '../index-store/port.ts';

/** Milliseconds since 1970 that both worlds go by. */
export class WorldClock {
  readonly #real = Date.now;
  now = this.#real();

  /** Everything that reads the wall clock reads this one, until `restore`. */
  install(): void {
    Date.now = () => this.now;
  }
  restore(): void {
    Date.now = this.#real;
  }
}

export interface Call {
  method: string;
  /** Below the FHIR base. */
  path: string;
  body?: object;
  headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  status: number;
  /** But for the date and the connection's own. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

const BASE = 'http://gateway.example';
const OF_THE_CONNECTION = ['date', 'connection', 'keep-alive'];

/** One gateway whose ids are a call's number and a count, so that another gives the same ids in the same call. */
export class World {
  readonly #ids: { call: string; count: number };
  readonly gateway: TestGateway;
  readonly #tokens = new Map<string, string>();

  private constructor(gateway: TestGateway, ids: { call: string; count: number }) {
    this.gateway = gateway;
    this.#ids = ids;
  }

  static async open(readsThrough?: (index: IndexReader) => IndexReader): Promise<World> {
    const ids = { call: 'start', count: 0 };
    const newId = () => `${ids.call}-${ids.count++}`;
    const gateway = await startTestGateway({
      baseUrl: BASE,
      newId,
      ...(readsThrough && { readsThrough }),
    });
    return new World(gateway, ids);
  }

  /** Lets somebody in under a name; a person must be there. */
  async enter(name: string, person: Person): Promise<void> {
    this.#tokens.set(name, await this.gateway.enter(person));
  }

  /** Lets somebody who is in be called by another name as well. */
  alias(name: string, known: string): void {
    this.#tokens.set(name, this.#tokenOf(known));
  }

  has(name: string): boolean {
    return this.#tokens.has(name);
  }

  principalOf(name: string) {
    return this.gateway.principalOf(this.#tokenOf(name));
  }

  /** `id` names the call: ids that are made for it begin with that. */
  async call(name: string, id: string, { method, path, body, headers = {} }: Call): Promise<Answer> {
    Object.assign(this.#ids, { call: id, count: 0 });
    const response = await fetch(path === '' ? this.gateway.address : `${this.gateway.address}/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.#tokenOf(name)}`,
        'X-Request-Id': id,
        ...(body && { 'Content-Type': 'application/fhir+json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(
        [...response.headers].filter(([header]) => !OF_THE_CONNECTION.includes(header)),
      ),
      body: await response.text(),
    };
  }

  close(): Promise<void> {
    return this.gateway.close();
  }

  #tokenOf(name: string): string {
    const token = this.#tokens.get(name);
    if (token === undefined) throw new RangeError(`nobody is called ${name}`);
    return token;
  }
}
