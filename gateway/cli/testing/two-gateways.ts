import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../test-gateway.ts';
import { create } from './requests.ts';
import { grantTo, patientNamed, practitioner } from './resources.ts';
import { openSharedLedger, type SharedLedger } from './shared-ledger.ts';
import type { Peer } from './peer.ts';

/** A hospital and a lab on one ledger, each with its own gateway, index and people. */
export interface TwoGateways {
  network: SharedLedger;
  hospital: Member;
  lab: Member;
  close(): Promise<void>;
}

export interface Member {
  gateway: TestGateway;
  peer: Peer;
  /** Tokens: of the organisation's system, of HR, and of somebody who works there. */
  system: string;
  hr: string;
  staff: string;
  /** `Practitioner/2`: who that is. */
  person: string;
  /** What its projector raised. */
  alarms: string[];
}

/** A patient of the hospital, with the token of the own app. */
export interface KnownPatient {
  id: string;
  token: string;
}

const WAITS = [20, 200] as const;

export async function startTwoGateways(
  options: Omit<TestGatewayOptions, 'on' | 'alarm'> = {},
): Promise<TwoGateways> {
  const network = await openSharedLedger(['HospitalMSP', 'LabMSP']);
  const start = async (mspId: string, role: 'doctor' | 'lab'): Promise<Member> => {
    const alarms: string[] = [];
    const alarm = (what: string) => void alarms.push(what);
    const gateway = await startTestGateway({ waits: WAITS, ...options, alarm, on: { network, mspId } });
    const system = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
    const person = `Practitioner/${await create(gateway, system, practitioner(`${role} of ${mspId}`))}`;
    const [hr, staff] = await Promise.all([
      gateway.enter({ role: 'hr' }),
      gateway.enter({ role, fhirUser: person }),
    ]);
    return { gateway, peer: network.peer(mspId), system, hr, staff, person, alarms };
  };
  const [hospital, lab] = await Promise.all([start('HospitalMSP', 'doctor'), start('LabMSP', 'lab')]);
  return {
    ...{ network, hospital, lab },
    async close() {
      await hospital.gateway.close();
      await lab.gateway.close();
      await network.close();
    },
  };
}

/** The hospital's system opens a record, and the patient gets an account there. */
export async function admitPatient({ gateway, system }: Member, family: string): Promise<KnownPatient> {
  const id = await create(gateway, system, patientNamed(family));
  const token = await gateway.enter({
    role: 'patient',
    fhirUser: `Patient/${id}`,
    scopes: 'patient/*.cruds',
  });
  return { id, token };
}

/** The patient permits somebody everything; answers the Consent's id. */
export const give = ({ gateway }: Member, { id, token }: KnownPatient, actor: string): Promise<string> =>
  create(gateway, token, grantTo(id, actor));
