import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parameterOf } from '@fhir-fabric-gateway/mappings';
import { createAuth, type Auth } from '../auth/index.ts';
import { readConfig, type Config, type OrganisationSettings } from '../config.ts';
import { createValidator, type Validator } from '../fhir/validation/validator.ts';
import { openIndexReader } from '../index-store/index.ts';
import type { IndexReader } from '../index-store/port.ts';
import type { Services } from '../services.ts';
import { foundLedger } from '../setup/found-ledger.ts';
import type { Storage } from '../storage/client.ts';
import { lockDataDir } from '../storage/lock.ts';
import { ledgerFile, openStorage } from './open-storage.ts';

/** A command that can't be done: its text, for the operator, says why. */
export class CommandError extends Error {}

/** What an operator's command works with while the gateway is stopped. */
export interface Operator {
  storage: Pick<Storage, 'ledger' | 'enroll'>;
  index: IndexReader;
  auth: Pick<Auth, 'accounts' | 'clients'>;
  services: Pick<Services, 'fhirBase' | 'policyUris' | 'newId' | 'validate'>;
  /** Throws a CommandError for an MSP that ORGANISATIONS does not name. */
  organisation(mspId: string): OrganisationSettings;
  close(): Promise<void>;
}

/** The demo's settings where its data, and no secret, is there; else those of the environment, as for `npm start`. */
function settings(env: Readonly<Record<string, string | undefined>>): Config {
  const own = env['DATA_DIR'] ?? (existsSync(ledgerFile('.data')) ? '.data' : '.data/demo');
  return readConfig(
    env,
    env['MASTER_SECRET'] === undefined && own !== '.data' && existsSync(ledgerFile(resolve(own))),
  );
}

/**
 * Opens the data folder, founding the ledger if it is new. Rejects with a ConfigError, and with a CommandError while
 * another process, the gateway say, works on the folder.
 */
export async function openOperator(env: Readonly<Record<string, string | undefined>>): Promise<Operator> {
  const { dataDir, indexFile, masterSecret, organisations, baseUrl, consentPolicies } = settings(env);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const closers: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    closers.push(lock(dataDir));
    const fhirBase = `${baseUrl}/fhir/R4`;
    const opened = await openStorage({
      ...{ dataDir, indexFile, masterSecret, fhirBase, policyUris: consentPolicies },
      mspIds: organisations.map(({ mspId }) => mspId),
    });
    closers.push(() => opened.close());
    const index = await openIndexReader({ file: indexFile, fhirBase });
    closers.push(() => index.close());
    const auth = await createAuth({
      baseUrl,
      database: join(dataDir, 'auth.db'),
      secret: masterSecret,
      knowsParameter: (type, name) => parameterOf(type, name) !== undefined,
    });
    closers.push(() => {
      auth.close();
    });
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
      validate: (resource) => validator.validate(resource),
    };
    await foundLedger(organisations, storage, services);
    return {
      ...{ storage, index, auth, services, close },
      organisation(mspId) {
        const found = organisations.find((one) => one.mspId === mspId);
        if (found) return found;
        const known = organisations.map((one) => one.mspId).join(', ');
        throw new CommandError(`${mspId} is none of the ORGANISATIONS: ${known}.`);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function lock(dataDir: string): () => void {
  try {
    return lockDataDir(dataDir);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error));
  }
}
