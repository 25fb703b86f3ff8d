import { startTestGateway, type TestGateway } from '../../cli/test-gateway.ts';
import { call, create } from '../../cli/testing/requests.ts';
import { patientNamed, practitioner } from '../../cli/testing/resources.ts';
import type { JsonObject } from '../../fhir/resource.ts';
import { WRITTEN, type Case, type ReaderName } from './cases.ts';
import { sees, type Consent, type Data, type Reader } from './plain-evaluator.ts';

/** What was asked, what the gateway showed and what it should have shown; ids sorted, as `Type/id`. */
export interface Difference {
  by: ReaderName;
  purpose: string;
  asked: string;
  shown: string[];
  expected: string[];
  consents: Consent[];
}

const TYPES = [
  ...['Patient', 'Consent', 'Observation', 'Condition', 'Encounter'],
  ...['AllergyIntolerance', 'DocumentReference'],
];
const ROLES: Record<ReaderName, { role: Reader['role']; mspId: string }> = {
  doctor: { role: 'doctor', mspId: 'HospitalMSP' },
  other: { role: 'doctor', mspId: 'HospitalMSP' },
  lab: { role: 'lab', mspId: 'LabMSP' },
  system: { role: 'system', mspId: 'HospitalMSP' },
  'lab-system': { role: 'system', mspId: 'LabMSP' },
  hr: { role: 'hr', mspId: 'HospitalMSP' },
  'lab-hr': { role: 'hr', mspId: 'LabMSP' },
  patient: { role: 'patient', mspId: 'HospitalMSP' },
};
const PEOPLE: readonly ReaderName[] = ['doctor', 'other', 'lab'];
const ORGANIZATIONS: Record<string, string> = {
  HospitalMSP: 'Organization/hospital',
  LabMSP: 'Organization/lab',
};

/** A whole gateway and those who ask it, for one case after another. */
export class World {
  readonly #gateway: TestGateway;
  readonly #tokens = new Map<ReaderName, string>();
  readonly #people: Record<string, string>;
  /** How many Consents it took, and how many it refused as it may. */
  readonly taken = { consents: 0, refused: 0 };

  private constructor(gateway: TestGateway, people: Record<string, string>) {
    this.#gateway = gateway;
    this.#people = people;
  }

  static async open(): Promise<World> {
    const gateway = await startTestGateway();
    const people: Record<string, string> = {};
    const world = new World(gateway, people);
    for (const name of ['hr', 'lab-hr', 'system', 'lab-system'] as const)
      world.#tokens.set(name, await gateway.enter(ROLES[name]));
    for (const name of PEOPLE) {
      const by = world.#token(name === 'lab' ? 'lab-hr' : 'hr');
      people[name] = await create(gateway, by, practitioner(name));
      const fhirUser = `Practitioner/${people[name]}`;
      world.#tokens.set(name, await gateway.enter({ ...ROLES[name], fhirUser }));
    }
    return world;
  }

  close(): Promise<void> {
    return this.#gateway.close();
  }

  #token(name: ReaderName, purpose?: string): string {
    const token = this.#tokens.get(name) ?? '';
    if (purpose === undefined) return token;
    const other = `${token} ${purpose}`;
    this.#gateway.admit(other, { ...this.#gateway.principalOf(token), purpose });
    return other;
  }

  /** A text in which the case's names are those that the gateway knows. */
  #named<T>(value: T, patient: string): T {
    let text = JSON.stringify(value).replaceAll('{patient}', patient);
    for (const [name, id] of Object.entries(this.#people)) text = text.replaceAll(`{${name}}`, id);
    return JSON.parse(text) as T;
  }

  /** Writes a case and asks for it; answers what the gateway showed otherwise than it should. */
  async differences(of: Case): Promise<Difference[]> {
    const system = this.#token('system');
    const patient = await create(this.#gateway, system, patientNamed('Random'));
    const fhirUser = `Patient/${patient}`;
    this.#tokens.set('patient', await this.#gateway.enter({ role: 'patient', fhirUser }));
    for (const data of of.record) await this.#post(system, this.#named(data, patient));
    await this.#agree(of, patient);
    const all = await this.#all(patient);
    const found: Difference[] = [];
    for (const { by, purpose } of of.asked) found.push(...(await this.#ask(by, purpose, patient, all)));
    return found;
  }

  #post(token: string, resource: object): Promise<string> {
    return create(this.#gateway, token, resource as JsonObject);
  }

  /** Some Consents say what is refused; those do nothing. Some are revoked at once. */
  async #agree({ consents }: Case, patient: string): Promise<void> {
    const owner = this.#token('patient');
    for (const { consent, revoked } of consents) {
      const given = this.#named(consent, patient);
      const { status, body } = await call(this.#gateway, owner, 'POST', 'Consent', given);
      if (status === 422) this.taken.refused += 1;
      else if (status !== 201) throw new Error(`POST Consent: ${status} ${JSON.stringify(body)}`);
      else this.taken.consents += 1;
      if (status !== 201 || !revoked) continue;
      const id = String(body['id']);
      const put = await call(this.#gateway, owner, 'PUT', `Consent/${id}`, {
        ...given,
        id,
        status: 'inactive',
      });
      if (put.status !== 200) throw new Error(`PUT Consent: ${put.status} ${JSON.stringify(put.body)}`);
    }
  }

  /** The record, as its patient has it. */
  async #all(patient: string): Promise<Data[]> {
    const found: Data[] = [];
    for (const type of TYPES) {
      const { resources } = await this.#search(this.#token('patient'), type, patient);
      found.push(...resources);
    }
    return found;
  }

  async #search(
    token: string,
    type: string,
    patient: string,
  ): Promise<{ resources: Data[]; total: unknown }> {
    const by = type === 'Patient' ? '_id' : 'patient';
    const query = `${type}?${by}=${patient}&_count=100&_total=accurate`;
    const { status, body } = await call(this.#gateway, token, 'GET', query);
    if (status === 403) return { resources: [], total: 0 };
    if (status !== 200) throw new Error(`GET ${query}: ${status} ${JSON.stringify(body)}`);
    const entries = (body['entry'] ?? []) as unknown as { resource: Data }[];
    return { resources: entries.map(({ resource }) => resource), total: body['total'] };
  }

  #reader(by: ReaderName, purpose: string, consents: readonly Consent[]): Reader {
    const { role, mspId } = ROLES[by];
    const { [by]: id } = this.#people;
    // The hospital's system opened the record: the grant that came with it is its own.
    const opening = consents.find(({ dateTime }) => dateTime !== WRITTEN);
    return {
      ...{ role, purpose },
      ...(id !== undefined && { person: `Practitioner/${id}` }),
      ...(role !== 'patient' && { organization: ORGANIZATIONS[mspId] ?? '' }),
      ofTheRecord: role === 'patient' || mspId === 'HospitalMSP',
      wrote: by === 'system' && opening?.id !== undefined ? [opening.id] : [],
    };
  }

  async #ask(by: ReaderName, purpose: string, patient: string, all: Data[]): Promise<Difference[]> {
    const token = this.#token(by, purpose);
    const consents = all.filter((one): one is Consent => one.resourceType === 'Consent');
    const reader = this.#reader(by, purpose, consents);
    const now = Date.now();
    const key = (one: Data) => `${one.resourceType}/${one.id ?? ''}`;
    const found: Difference[] = [];
    const compare = (asked: string, shown: string[], expected: string[]) => {
      if (shown.sort().join() !== expected.sort().join())
        found.push({ by, purpose, asked, shown, expected, consents });
    };
    for (const type of TYPES) {
      const of = all.filter(({ resourceType }) => resourceType === type);
      const expected = of.filter((one) => sees(reader, one, consents, now)).map(key);
      const { resources, total } = await this.#search(token, type, patient);
      compare(type, resources.map(key), [...expected]);
      compare(`${type} total`, [String(total)], [String(expected.length)]);
      for (const one of of) {
        const { status } = await call(this.#gateway, token, 'GET', key(one));
        compare(key(one), status === 200 ? [key(one)] : [], expected.includes(key(one)) ? [key(one)] : []);
      }
    }
    return found;
  }
}
