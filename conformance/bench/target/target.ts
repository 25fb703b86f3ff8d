import { join } from 'node:path';
import { send } from '../../clients/answer.ts';
import { systemToken } from '../../clients/system-token.ts';
import type { Resource } from '../../clients/resource.ts';

/** What every FHIR request of a load says of itself. */
export const FHIR_HEADERS = {
  Accept: 'application/fhir+json',
  'Content-Type': 'application/fhir+json',
} as const;

/** A FHIR server under load. */
export interface Target {
  origin: string;
  /** The FHIR base's path: `/fhir/R4`. */
  base: string;
  /**
   * Where the systems' private keys are: `<dataDir>/clients/<client id>.jwks.json`. Absent: a rival that lets everybody in,
   * to whom nobody says who they are.
   */
  dataDir?: string;
}

/** The value of `Authorization` for a system. Its token lasts some minutes: take one for each run. */
export async function authorization(
  { origin, dataDir }: Target,
  clientId = 'hospital-system',
): Promise<string> {
  if (dataDir === undefined) throw new Error(`${origin} knows no systems`);
  const keyFile = join(dataDir, 'clients', `${clientId}.jwks.json`);
  return `Bearer ${await systemToken(origin, clientId, keyFile, 'system/*.cruds')}`;
}

/** The headers of a FHIR request of the hospital's system. */
export async function fhirHeaders(target: Target): Promise<Record<string, string>> {
  if (target.dataDir === undefined) return FHIR_HEADERS;
  return { ...FHIR_HEADERS, Authorization: await authorization(target) };
}

/** POSTs a resource, or a Bundle to be carried out, as the hospital's system. Throws when it is not taken. */
export async function post<T extends Resource>(target: Target, resource: object, type = ''): Promise<T> {
  const answer = await send(`${target.origin}${target.base}${type && `/${type}`}`, {
    method: 'POST',
    headers: await fhirHeaders(target),
    body: JSON.stringify(resource),
  });
  if (answer.status >= 300) throw new Error(`POST ${type}: ${answer.status} ${answer.text.slice(0, 500)}`);
  return JSON.parse(answer.text) as T;
}
