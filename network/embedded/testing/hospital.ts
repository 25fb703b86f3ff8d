import type { Asset, Command, EntryWrite, IdentityRef, Ledger } from '@fhir-fabric-gateway/chaincode/api';
import { contracts } from '@fhir-fabric-gateway/chaincode';
import type { TestingConfig } from '../../index.ts';
import type { Scene } from './scene.ts';

/** An entry of Patient 1's record. */
export function entry(
  type: string,
  id: string,
  section: EntryWrite['section'],
  content = `${type}/${id}`,
): EntryWrite {
  const bytes = new TextEncoder().encode(content);
  return {
    type,
    id,
    home: 'patient',
    patient: '1',
    ...(section && { section }),
    enc: 'none',
    kid: '',
    content: bytes,
  };
}

export const create = (written: EntryWrite): Command => ({
  fn: 'CreateAssets',
  assets: [{ kind: 'entry', entry: written }],
});

export interface Hospital {
  ledger: Ledger;
  hr: IdentityRef;
  system: IdentityRef;
  patient: IdentityRef;
}

/** The project's contract on a ledger: a hospital, its HR and its system, and the record of Patient 1. */
export async function openHospital(scene: Scene, testing: TestingConfig = {}): Promise<Hospital> {
  const ledger = await scene.open(testing, { contracts });
  const hr = await scene.enroll('hr');
  const system = await scene.enroll('system');
  const patient = await scene.enroll('patient');
  const account = (ref: IdentityRef, role: 'hr' | 'system' | 'patient', fhirUser?: string): Asset => ({
    kind: 'identity',
    ...ref,
    role,
    status: 'active',
    ...(fhirUser !== undefined && { fhirUser }),
  });
  const organization = 'Organization/5';
  const hospital: Asset = {
    kind: 'organisation',
    mspId: 'HospitalMSP',
    organization,
    roles: ['patient', 'doctor', 'hr', 'system'],
  };
  await ledger.submit(hr, [
    { fn: 'CreateAssets', assets: [hospital, account(hr, 'hr'), account(system, 'system')] },
  ]);
  await ledger.submit(system, [
    {
      fn: 'CreateMedicalRecord',
      entry: entry('Patient', '1', 'personal'),
      consent: {
        entry: entry('Consent', 'first', 'consent'),
        grants: { [organization]: { type: 'permit', actors: [`${organization}|CST`] } },
      },
    },
  ]);
  await ledger.submit(hr, [{ fn: 'CreateAssets', assets: [account(patient, 'patient', 'Patient/1')] }]);
  return { ledger, hr, system, patient };
}
