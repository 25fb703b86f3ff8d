import { join } from 'node:path';
import { Session } from './session.ts';
import { systemToken } from './system-token.ts';
import { HOSPITAL, LAB } from './target.ts';

export type SystemName = 'hospital-system' | 'lab-system' | 'research-system';

/** A system that holds a token of its organisation's gateway; its key is in that demo's folder. */
export async function systemSession(name: SystemName, scope = 'system/*.cruds'): Promise<Session> {
  const target = name === 'lab-system' ? LAB : HOSPITAL;
  const keyFile = join(target.dataDir, 'clients', `${name}.jwks.json`);
  return new Session(await systemToken(target.baseUrl, name, keyFile, scope), '', target);
}
