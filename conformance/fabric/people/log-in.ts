import { join } from 'node:path';
import { logIn } from '../../clients/login.ts';
import { systemToken } from '../../clients/system-token.ts';
import type { Target } from '../../clients/target.ts';
import { Caller } from './caller.ts';

const PATIENT_SCOPES = 'openid fhirUser launch/patient patient/*.cruds offline_access';
const STAFF_SCOPES = 'openid fhirUser user/*.cruds';

/** A system of the demo with a new token; its key is in the gateway's folder. */
export async function system(target: Target, name: 'hospital-system' | 'lab-system'): Promise<Caller> {
  const keyFile = join(target.dataDir, 'clients', `${name}.jwks.json`);
  const token = await systemToken(target.baseUrl, name, keyFile, 'system/*.cruds');
  return new Caller(name, { token, fhirUser: '', target });
}

/** A patient of the demo in an app. */
export const patient = (target: Target, name: string): Promise<Caller> =>
  person(target, name, PATIENT_SCOPES);

/** A doctor, radiographer or HR of the demo in an app. */
export const staff = (target: Target, name: string): Promise<Caller> => person(target, name, STAFF_SCOPES);

async function person(target: Target, name: string, scope: string): Promise<Caller> {
  return new Caller(name, (await logIn(`${name}@demo.example`, { scope, target })).session);
}
