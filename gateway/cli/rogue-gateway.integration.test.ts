import {
  LedgerError,
  type Command,
  type EntryWrite,
  type IdentityRef,
  type Rule,
} from '@fhir-fabric-gateway/chaincode/api';
import { seal } from '../content/envelope.ts';
import { ledgerText } from '../content/resource-text.ts';
import type { JsonObject, Resource } from '../fhir/resource.ts';
import type { Peer } from './testing/peer.ts';
import { call, create, eventually } from './testing/requests.ts';
import { grantTo, heartRate, labResult } from './testing/resources.ts';
import {
  admitPatient,
  give,
  startTwoGateways,
  type KnownPatient,
  type TwoGateways,
} from './testing/two-gateways.ts';

/**
 * A gateway turns rogue: it tells the ledger what it likes, with the keys of its own people. What the chaincode can judge
 * it refuses; what only the content shows, the other organisation's projector sets aside.
 */
let both: TwoGateways;
/** Has granted the lab's radiographer everything. */
let ada: KnownPatient;
/** Has granted the lab nothing. */
let grace: KnownPatient;
let lab: { staff: IdentityRef; system: IdentityRef };
let graces: string;

beforeAll(async () => {
  both = await startTwoGateways();
  const { hospital } = both;
  const { gateway } = both.lab;
  ada = await admitPatient(hospital, 'Lovelace');
  grace = await admitPatient(hospital, 'Hopper');
  await give(hospital, ada, both.lab.person);
  graces = await create(hospital.gateway, hospital.system, heartRate(grace.id));
  lab = {
    staff: gateway.principalOf(both.lab.staff).identity,
    system: gateway.principalOf(both.lab.system).identity,
  };
});
afterAll(() => both.close());
beforeEach(() => {
  both.hospital.alarms.splice(0);
  both.lab.alarms.splice(0);
});

let ids = 0;
/** What a rogue tells the ledger of a resource: that it is a report of ada's, or what `told` says. */
function written(resource: JsonObject, told: Partial<EntryWrite> = {}): EntryWrite {
  const { enc, kid, data } = seal(ledgerText(resource as Resource));
  return {
    ...{ type: String(resource['resourceType']), id: `rogue-${++ids}`, version: 0 },
    ...{ home: 'patient', patient: ada.id, section: 'report' },
    ...{ enc, kid, content: data },
    ...told,
  };
}

const creates = (entry: EntryWrite): Command => ({ fn: 'CreateAssets', assets: [{ kind: 'entry', entry }] });

/** What the ledger says to it: a refusal's code, or OK. */
async function outcome(peer: Peer, identity: IdentityRef, command: Command): Promise<string> {
  try {
    await peer.submit(identity, [command]);
    return 'OK';
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}

const everything = (actor: string): Rule => ({ type: 'permit', actors: [actor] });

test.each<[string, 'staff' | 'system', () => Command, string]>([
  [
    'in a section that a lab never writes',
    'staff',
    () => creates(written(heartRate(ada.id), { section: 'vitals' })),
    'FORBIDDEN',
  ],
  [
    'in a section that the type can’t have',
    'staff',
    () => creates(written(labResult(ada.id), { section: 'radio' })),
    'BAD_SECTION',
  ],
  [
    'in a record whose patient granted nothing',
    'staff',
    () => creates(written(labResult(grace.id), { patient: grace.id })),
    'NOT_GRANTED',
  ],
  [
    'an entry of another’s record, as if it were of one that is granted',
    'staff',
    () => ({
      fn: 'UpdateAsset',
      asset: { kind: 'entry', entry: written(labResult(ada.id), { id: graces, version: 1 }) },
    }),
    'FORBIDDEN',
  ],
  [
    'a Consent that no patient gave',
    'staff',
    () => ({
      fn: 'GrantAccess',
      consent: {
        entry: written(grantTo(grace.id, both.lab.person), { patient: grace.id, section: 'consent' }),
        grants: { [both.lab.person]: everything(both.lab.person) },
      },
    }),
    'FORBIDDEN',
  ],
  [
    'another organisation’s entry of the directory',
    'system',
    () => {
      const told = { id: 'hospital', version: 1, home: 'directory' } as const;
      const {
        patient: _patient,
        section: _section,
        ...entry
      } = written({ resourceType: 'Organization', name: 'Ours' }, told);
      return { fn: 'UpdateAsset', asset: { kind: 'entry', entry } };
    },
    'FORBIDDEN',
  ],
  [
    'an identity of another organisation',
    'system',
    () => ({
      fn: 'CreateAssets',
      assets: [{ kind: 'identity', mspId: 'HospitalMSP', pseudonym: 'x', role: 'hr', status: 'active' }],
    }),
    'FORBIDDEN',
  ],
  [
    'an account of another organisation’s patient',
    'system',
    () => ({
      fn: 'CreateAssets',
      assets: [
        {
          ...{ kind: 'identity', mspId: 'LabMSP', pseudonym: 'x', role: 'patient', status: 'active' },
          fhirUser: `Patient/${ada.id}`,
        },
      ],
    }),
    'FORBIDDEN',
  ],
  [
    'the end of a record',
    'system',
    () => ({ fn: 'DeleteAsset', erase: { patient: ada.id, step: 'begin' } }),
    'FORBIDDEN',
  ],
])('the chaincode does not let a rogue lab write %s', async (_, as, command, code) => {
  expect(await outcome(both.lab.peer, lab[as], command())).toBe(code);
});

test('a rogue can’t sign as somebody of another organisation', async () => {
  const { identity } = both.hospital.gateway.principalOf(both.hospital.staff);
  expect(await outcome(both.lab.peer, identity, creates(written(labResult(ada.id))))).toBe('BAD_IDENTITY');
});

describe('what the chaincode has to believe, the other gateway sets aside:', () => {
  test.each<[string, () => EntryWrite, string]>([
    ['vitals, told to be a report', () => written(heartRate(ada.id)), 'quarantined: its section is another'],
    [
      'an Observation of another’s, told to be of a patient who granted it',
      () => written(labResult(grace.id)),
      'quarantined: its patient is another',
    ],
    [
      'an Observation of nobody',
      () => written({ ...labResult(ada.id), subject: { display: 'Ada' } }),
      'quarantined: no-owner',
    ],
    [
      'a report, told to be an Observation',
      () => written({ ...labResult(ada.id), resourceType: 'DiagnosticReport' }, { type: 'Observation' }),
      'quarantined: its content is of another type',
    ],
    [
      'a report without the label that it carries',
      () => written(labResult(ada.id, { meta: { security: [{ system: 'urn:x', code: 'R' }] } })),
      'quarantined: its labels are others',
    ],
  ])('%s', async (_, entry, alarm) => {
    const { hospital } = both;
    const told = entry();
    expect(await outcome(both.lab.peer, lab.staff, creates(told))).toBe('OK');
    await eventually(
      async () => hospital.alarms,
      (alarms) => alarms.includes(alarm),
    );
    for (const [gateway, token] of [
      [hospital.gateway, ada.token],
      [hospital.gateway, grace.token],
      [hospital.gateway, hospital.system],
      [both.lab.gateway, both.lab.staff],
    ] as const) {
      expect((await call(gateway, token, 'GET', `${told.type}/${told.id}`)).status).toBe(404);
      expect((await call(gateway, token, 'GET', `${told.type}?_id=${told.id}`)).body['total']).toBe(0);
    }
  });
});

test('an honest entry that is changed into a lie is served no more', async () => {
  const { hospital } = both;
  const id = await create(both.lab.gateway, both.lab.staff, labResult(ada.id));
  await eventually(
    () => call(hospital.gateway, ada.token, 'GET', `Observation/${id}`),
    ({ status }) => status === 200,
  );
  const lie: Command = {
    fn: 'UpdateAsset',
    asset: { kind: 'entry', entry: written(labResult(grace.id), { id, version: 1 }) },
  };
  expect(await outcome(both.lab.peer, lab.staff, lie)).toBe('OK');
  await eventually(
    () => call(hospital.gateway, ada.token, 'GET', `Observation/${id}`),
    ({ status }) => status === 404,
  );
  expect((await call(hospital.gateway, grace.token, 'GET', `Observation/${id}`)).status).toBe(404);
});

describe('a rogue hospital, which has its patients’ keys,', () => {
  const asGrace = () => both.hospital.gateway.principalOf(grace.token).identity;

  /** The Consent says that the hospital's doctor may read; the ledger is told more. */
  const granted = (grants: Record<string, Rule>): Command => ({
    fn: 'GrantAccess',
    consent: {
      entry: written(grantTo(grace.id, both.hospital.person), { patient: grace.id, section: 'consent' }),
      grants,
    },
  });

  test('opens a record to somebody whom no Consent names, and the lab’s gateway does not believe it', async () => {
    const { hospital, lab: other } = both;
    const grants = {
      [hospital.person]: everything(hospital.person),
      [other.person]: everything(other.person),
    };
    expect(await outcome(hospital.peer, asGrace(), granted(grants))).toBe('OK');
    const expected = [
      'quarantined: it says something else than what is in force',
      'a grant contradicts its Consent',
    ];
    await eventually(
      async () => other.alarms,
      (alarms) => expected.every((alarm) => alarms.includes(alarm)),
    );
    expect((await call(other.gateway, other.staff, 'GET', `Observation/${graces}`)).status).toBe(404);
  });

  test('widens what a Consent permits, and the lab’s gateway does not believe it', async () => {
    const { hospital, lab: other } = both;
    const wider: Rule = { type: 'permit', actors: [hospital.person, other.person] };
    expect(await outcome(hospital.peer, asGrace(), granted({ [hospital.person]: wider }))).toBe('OK');
    await eventually(
      async () => other.alarms,
      (alarms) => alarms.includes('a grant contradicts its Consent'),
    );
    expect((await other.gateway.services.index.rules(grace.id, [hospital.person])).grants).toEqual([]);
  });
});
