import { setTimeout } from 'node:timers/promises';
import type { JWK } from 'jose';
import type { Logger } from 'pino';
import type { Auth } from '../auth/index.ts';
import type { Config } from '../config.ts';
import type { OrganisationSettings } from '../organisations.ts';
import type { Storage } from '../storage/client.ts';
import { BackendClient } from './backend-client.ts';
import { createDemoApp, createDemoSystems, systemOf } from './clients.ts';
import { loadDirectory, loadPatient } from './hospital.ts';
import { DEMO_PATIENTS, DEMO_STAFF } from './people.ts';
import { seedStaff } from './staff.ts';

export interface SeedDeps {
  config: Pick<Config, 'organisations' | 'own' | 'baseUrl' | 'dataDir' | 'indexUrl'>;
  storage: Pick<Storage, 'ledger' | 'enroll'>;
  auth: Pick<Auth, 'accounts' | 'clients'>;
  log: Logger;
}

/** How long another process may take to fill the database that replicas share, in milliseconds. */
const FILLED_WITHIN = 30 * 60_000;
const LOOK_EVERY = 1000;

/**
 * Fills an empty data folder with what belongs to the own organisations: clients, then the directory and, at the hospital
 * (the first of all organisations), the patients, through the public FHIR API as its system would send them, then the
 * people. Does nothing when it was done; throws when it was interrupted half-way. While another replica fills the database
 * that they share, waits for that.
 */
export async function seedDemo(deps: SeedDeps): Promise<void> {
  const { config, auth, log } = deps;
  const last = lastAccount(config);
  if (await auth.accounts.findByUsername(last)) return;
  if (!(await begins(deps))) {
    if (!/^postgres(ql)?:/.test(config.indexUrl)) throw new Error(interrupted(config.dataDir));
    log.info('another process fills the demo');
    for (const end = Date.now() + FILLED_WITHIN; Date.now() < end; await setTimeout(LOOK_EVERY))
      if (await auth.accounts.findByUsername(last)) return;
    throw new Error(interrupted(config.dataDir));
  }
  log.info('filling the demo');
  for (const organisation of config.own) await seedOrganisation(organisation, deps);
}

const interrupted = (dataDir: string) =>
  `The demo in ${dataDir} was interrupted while it was filled: delete that folder (and the database of INDEX_URL), and start again.`;

/** Whether this process is the one that fills it: the one that makes the first client. */
async function begins({ auth }: SeedDeps): Promise<boolean> {
  if (await auth.clients.get('demo-app')) return false;
  try {
    await createDemoApp(auth);
    return true;
  } catch (error) {
    if (await auth.clients.get('demo-app')) return false;
    throw error;
  }
}

/** The last account that is made: once it is there, the demo is whole. */
function lastAccount({ organisations, own }: SeedDeps['config']): string {
  const at = own.at(-1);
  const name =
    at === organisations[0]
      ? `${DEMO_PATIENTS.at(-1)}@demo.example`
      : DEMO_STAFF.findLast(({ mspId }) => mspId === at?.mspId)?.username;
  if (name === undefined) throw new Error(`the demo has nobody at ${at?.mspId}`);
  return name;
}

async function seedOrganisation(organisation: OrganisationSettings, deps: SeedDeps): Promise<void> {
  const { config, storage, auth, log } = deps;
  const place = config.organisations.indexOf(organisation);
  const keys = await createDemoSystems(auth, organisation, place, config.dataDir, storage);
  const id = systemOf(place);
  const system = new BackendClient(config.baseUrl, id, keys.get(id) as JWK);
  if (place === 0) await loadDirectory(system);
  for (const staff of DEMO_STAFF.filter(({ mspId }) => mspId === organisation.mspId))
    await seedStaff(staff, organisation, system, { storage, auth });
  if (place !== 0) return;
  for (const [loaded, name] of DEMO_PATIENTS.entries()) {
    await loadPatient(name, organisation, system, { storage, auth });
    log.info({ loaded: loaded + 1, of: DEMO_PATIENTS.length }, 'loaded a patient');
  }
}
