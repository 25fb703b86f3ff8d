import { detailOf } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import { heartRate } from '../clients/clinical.ts';
import { ConsentDesk } from '../clients/consent-desk.ts';
import {
  action,
  actor,
  consent,
  grantTo,
  purpose,
  resourceClass,
  section,
  securityLabel,
} from '../clients/consents.ts';
import { patientSession, staffSession } from '../clients/login.ts';
import { everythingOf, nameOf, namesOf, searchRecord, type Found } from '../clients/record-view.ts';
import type { JsonObject } from '../clients/resource.ts';
import { IN_SECTION } from '../clients/sections.ts';
import type { Session } from '../clients/session.ts';

/** What a Consent opens, besides the Patient that any grant shows, and nothing else, by every way to the record. */
interface Case {
  what: string;
  provision: JsonObject;
  opens: (resource: Found) => boolean;
  hidesPatient?: boolean;
}

const YEAR = 365 * 24 * 3600 * 1000;
const day = (offset: number): string => new Date(Date.now() + offset).toISOString().slice(0, 10);
const all = () => true;
const nothing = () => false;
const ofType =
  (...types: string[]) =>
  ({ resourceType }: Found) =>
    types.includes(resourceType);
const inSection =
  (...names: string[]) =>
  (resource: Found) =>
    names.some((name) => IN_SECTION[name]?.(resource));
/** Restricted, be it by a label that the server put on. */
const restricted = ({ meta }: Found) => /"code":"R"/.test(JSON.stringify(meta));
/** What it contains carries no label of its own, and would have to. */
const restrictedAsAWhole = (resource: Found) => restricted(resource) && !resource.contained;
const dateOf = ({ effectiveDateTime, occurrenceDateTime }: Found) =>
  String(effectiveDateTime ?? occurrenceDateTime ?? '');
const deny = (rest: JsonObject): JsonObject => ({ provision: [{ type: 'deny', ...rest }] });

const CASES: Case[] = [
  {
    what: 'two classes',
    provision: { class: [resourceClass('Procedure'), resourceClass('Condition')] },
    opens: ofType('Procedure', 'Condition'),
  },
  {
    what: 'two sections',
    provision: { code: [section('diagnosis'), section('vitals')] },
    opens: inSection('diagnosis', 'vitals'),
  },
  { what: 'one section', provision: { code: [section('report')] }, opens: inSection('report') },
  { what: 'a period that is now', provision: { period: { start: day(-YEAR), end: day(YEAR) } }, opens: all },
  {
    what: 'a period that is over',
    provision: { period: { start: day(-2 * YEAR), end: day(-YEAR) } },
    opens: nothing,
  },
  { what: 'a period to come', provision: { period: { start: day(YEAR) } }, opens: nothing },
  {
    what: 'all but a class, denied inside',
    provision: deny({ class: [resourceClass('Condition')] }),
    opens: (resource) => resource.resourceType !== 'Condition',
  },
  {
    what: 'all but the person, denied inside',
    provision: deny({ code: [section('personal')] }),
    opens: (resource) => resource.resourceType !== 'Patient',
    hidesPatient: true,
  },
  {
    what: 'all but two sections, denied inside',
    provision: deny({ code: [section('financial'), section('visits')] }),
    opens: (resource) => !inSection('financial', 'visits')(resource),
  },
  {
    what: 'all but what carries a label, denied inside',
    provision: deny({ securityLabel: [securityLabel('R')] }),
    opens: (resource) => !restricted(resource),
  },
  {
    what: 'what carries a label',
    provision: { securityLabel: [securityLabel('R')] },
    opens: restrictedAsAWhole,
  },
  {
    what: 'the clinical dates of some years, of two classes',
    provision: {
      class: [resourceClass('Observation'), resourceClass('Immunization')],
      dataPeriod: { start: '2016-01-01', end: '2019-12-31' },
    },
    opens: (resource) =>
      ofType('Observation', 'Immunization')(resource) &&
      dateOf(resource) > '2016' &&
      dateOf(resource) < '2020',
  },
  { what: 'the purpose of treatment', provision: { purpose: [purpose('TREAT')] }, opens: all },
  {
    what: 'another purpose than that of treatment',
    provision: { purpose: [purpose('HRESCH')] },
    opens: nothing,
  },
];

let clyde: Session & { patient: string };
let doctor: Session;
let hospital: Session;
let desk: ConsentDesk;
let patient: string;
let record: Found[];
let label: string;

beforeAll(async () => {
  [clyde, doctor, hospital] = await Promise.all([
    patientSession('clyde'),
    staffSession('doctor'),
    systemSession('hospital-system'),
  ]);
  ({ patient } = clyde);
  desk = new ConsentDesk(clyde);
  const secret = { ...heartRate(patient, 88), meta: { security: [securityLabel('R')] } };
  label = (await hospital.create(secret)).id;
  record = await everythingOf(clyde, patient);
});

afterAll(async () => {
  await desk.restore();
  await hospital.request('DELETE', `Observation/${label}`);
});

describe.each(CASES)('a Consent for $what', ({ provision, opens, hidesPatient = opens === nothing }) => {
  const shows = (resource: Found) =>
    opens(resource) || (!hidesPatient && resource.resourceType === 'Patient');
  let grant: string;
  let open: Found[];
  let closed: Found[];

  beforeAll(async () => {
    grant = (await desk.give(consent(patient, { actor: [actor(doctor.fhirUser)], ...provision }))).id;
    open = record.filter(shows);
    closed = record.filter((resource) => !shows(resource));
    expect(open.length > 0).toBe(opens !== nothing);
  });

  afterAll(async () => {
    await desk.revoke(grant);
  });

  test('opens that to searches of each type, totals included', async () => {
    for (const type of new Set(record.map(({ resourceType }) => resourceType))) {
      if (type === 'Provenance') continue;
      expect(namesOf(await searchRecord(doctor, patient, type))).toEqual(namesOf(open.filter(ofType(type))));
    }
  });

  test('opens that to $everything, or refuses it without the Patient', async () => {
    if (open.some(ofType('Patient'))) {
      expect(namesOf(await everythingOf(doctor, patient))).toEqual(namesOf(open));
    } else {
      const answer = await doctor.get(`Patient/${patient}/$everything`);
      expect([answer.status, detailOf(answer)]).toEqual([403, 'consent-required']);
    }
  });

  test('opens that to reads, version reads and histories', async () => {
    const samples = (from: Found[]) => [...new Map(from.map((one) => [one.resourceType, one])).values()];
    for (const [from, status] of [
      [open, 200],
      [closed, 404],
    ] as const) {
      for (const name of samples(from).map(nameOf)) {
        const expected = status === 404 && name.startsWith('Patient/') ? 403 : status;
        for (const path of [name, `${name}/_history/1`, `${name}/_history`]) {
          expect([path, (await doctor.get(path)).status]).toEqual([path, expected]);
        }
      }
    }
  });
});

test('a Consent to read is none to write', async () => {
  const grant = await desk.give(
    consent(patient, { actor: [actor(doctor.fhirUser)], action: [action('access')] }),
  );
  expect((await doctor.get(`Observation/${label}`)).status).toBe(200);
  const refused = await doctor.request('POST', 'Observation', heartRate(patient, 61));
  expect([refused.status, detailOf(refused)]).toEqual([403, 'consent-required']);
  expect(
    (await doctor.request('PUT', `Observation/${label}`, { ...heartRate(patient, 61), id: label })).status,
  ).toBe(403);
  await desk.revoke(grant.id);
});

test('one Consent denies what another permits', async () => {
  const wide = await desk.give(grantTo(patient, doctor.fhirUser));
  const no = { actor: [actor(doctor.fhirUser)], class: [resourceClass('Observation')] };
  const narrow = await desk.give(consent(patient, { ...no, type: 'deny' }));
  expect((await doctor.get(`Observation/${label}`)).status).toBe(404);
  expect((await doctor.get(`Patient/${patient}`)).status).toBe(200);
  await desk.revoke(narrow.id);
  expect((await doctor.get(`Observation/${label}`)).status).toBe(200);
  await desk.revoke(wide.id);
});

test('what could not be enforced is refused, and named', async () => {
  const data = [{ meaning: 'instance', reference: { reference: `Observation/${label}` } }];
  const refused = await clyde.request(
    'POST',
    'Consent',
    consent(patient, { actor: [actor(doctor.fhirUser)], data }),
  );
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('Consent.provision.data');
});
