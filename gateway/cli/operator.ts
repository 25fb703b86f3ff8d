import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createLabeller, parameterOf } from '@fhir-fabric-gateway/mappings';
import { createAuth, type Auth } from '../auth/index.ts';
import type { Config, Environment } from '../config.ts';
import { createValidator, type Validator } from '../fhir/validation/validator.ts';
import { openIndexReader } from '../index-store/index.ts';
import type { IndexReader } from '../index-store/port.ts';
import type { OrganisationSettings } from '../organisations.ts';
import type { Services } from '../services.ts';
import { foundLedger } from '../setup/found-ledger.ts';
import { untilDone, type Patience } from '../setup/patience.ts';
import type { Storage } from '../storage/client.ts';
import { lockDataDir } from '../storage/lock.ts';
import { installedIn } from './data-folder.ts';
import { openStorage, storageConfigOf } from './open-storage.ts';
import { readSettings } from './read-settings.ts';
import { isExclusive, storesOf } from './stores.ts';

/** A command that can't be done: its text, for the operator, says why. */
export class CommandError extends Error {}

/** What an operator's command works with while the gateway is stopped. */
export interface Operator {
  storage: Pick<Storage, 'ledger' | 'enroll'>;
  index: IndexReader;
  auth: Pick<Auth, 'accounts' | 'clients'>;
  services: Pick<Services, 'fhirBase' | 'policyUris' | 'labeller' | 'newId' | 'validate'>;
  /** Throws a CommandError for an MSP that is not this gateway's. */
  organisation(mspId: string): OrganisationSettings;
  close(): Promise<void>;
}

/** The demo's settings where its data, and no secret, is there; else those of the environment, as for `npm start`. */
function settings(env: Environment): Config {
  const own = env['DATA_DIR'] ?? (installedIn('.data') ? '.data' : '.data/demo');
  return readSettings(env, env['MASTER_SECRET'] === undefined && own !== '.data' && installedIn(own));
}

/**
 * Opens the data folder, founding the ledger if it is new. Rejects with a ConfigError, and with a CommandError while
 * another process, the gateway say, works on the folder.
 */
export async function openOperator(env: Environment): Promise<Operator> {
  const config = settings(env);
  const { dataDir, masterSecret, own, baseUrl, consentPolicies, labels } = config;
  const stores = storesOf(config);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const closers: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    if (isExclusive(config)) closers.push(lock(config));
    const fhirBase = `${baseUrl}/fhir/R4`;
    const opened = await openStorage(storageConfigOf(config));
    closers.push(() => opened.close());
    await untilDone(() => opened.ready(), NO_PATIENCE);
    const index = await openIndexReader({ url: stores.index, fhirBase });
    closers.push(() => index.close());
    const auth = await createAuth({
      baseUrl,
      database: stores.auth,
      secret: masterSecret,
      knowsParameter: (type, name) => parameterOf(type, name) !== undefined,
    });
    closers.push(() => auth.close());
    const storage: Operator['storage'] = {
      ledger: {
        submit: (identity, commands) => opened.submit(identity, commands),
        evaluate: (identity, query) => opened.ledger.evaluate(identity, query),
        height: () => opened.ledger.height(),
      },
      enroll: (mspId, role, pseudonym) => opened.enroll(mspId, role, pseudonym),
    };
    const validator: Validator = createValidator();
    const services: Operator['services'] = {
      ...{ fhirBase, policyUris: consentPolicies, newId: randomUUID },
      labeller: createLabeller(labels),
      validate: (resource) => validator.validate(resource),
    };
    await foundLedger(config, storage, services, NO_PATIENCE);
    return {
      ...{ storage, index, auth, services, close },
      organisation(mspId) {
        const found = own.find((one) => one.mspId === mspId);
        if (found) return found;
        const known = own.map((one) => one.mspId).join(', ');
        throw new CommandError(`${mspId} is none of the organisations of this gateway: ${known}.`);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A command does not wait for what others have yet to do. */
const NO_PATIENCE: Patience = {
  waiting: (why) => {
    throw new CommandError(`${why.charAt(0).toUpperCase()}${why.slice(1)}.`);
  },
  signal: new AbortController().signal,
};

function lock({ dataDir, indexUrl }: Config): () => void {
  try {
    return lockDataDir(dataDir, indexUrl);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error));
  }
}
