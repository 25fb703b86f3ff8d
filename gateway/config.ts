import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { LabelTable } from '@fhir-fabric-gateway/mappings';
import { readOrganisations, type OrganisationSettings } from './organisations.ts';
import { readLabelTable } from './security-labels.ts';

/** What the environment says, read once. */
export interface Config {
  demo: boolean;
  host: string;
  port: number;
  /** Without a trailing slash. */
  baseUrl: string;
  dataDir: string;
  ledger: LedgerSettings;
  /** The index: a SQLite file's path, or `postgres://...`, where the other stores are then as well. */
  indexUrl: string;
  /** Milliseconds that the index may lag behind the ledger before others' records are closed. */
  maxStale: number;
  logLevel: string;
  /** Encrypts keys at rest. */
  masterSecret: string;
  /** Proxies in front whose X-Forwarded-For is believed; 0: none. */
  trustedProxies: number;
  /** Bytes that a body may have. */
  maxBody: number;
  /** All of the ledger's; the first founds it. */
  organisations: readonly OrganisationSettings[];
  /** Those whose people and systems this process serves: on the embedded ledger all, on Fabric one. */
  own: readonly OrganisationSettings[];
  /** `Consent.policy.uri`s whose base rule is deny, as ours is. */
  consentPolicies: readonly string[];
  /** Folder of the SearchParameters that the operator adds. */
  searchParameters?: string;
  /** Which codes bring which security labels; the gateway's own table when it is absent. */
  labels?: LabelTable;
}

export type LedgerSettings = { engine: 'embedded' } | { engine: 'fabric'; connection: string };

export class ConfigError extends Error {}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Answers the MSP whose gateway a connection file is for. Throws an Error that says what is wrong with the file. */
export type ReadOwnMsp = (connection: string) => string;

const DEFAULT_MAX_STALE = 30;

/**
 * The configuration; `demo` needs nothing. Throws a ConfigError that names everything that is missing or wrong at once.
 */
export function readConfig(env: Environment, demo: boolean, ownMsp: ReadOwnMsp): Config {
  const problems: string[] = [];
  const port = Number(env['PORT'] ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) problems.push('PORT must be a number up to 65535');
  const dataDir = resolve(env['DATA_DIR'] ?? (demo ? '.data/demo' : '.data'));
  const masterSecret = env['MASTER_SECRET'] ?? (demo ? 'demo-master-secret-not-for-real-use' : '');
  if (masterSecret === '') {
    problems.push(
      `MASTER_SECRET is missing: it encrypts the keys at rest (try ${randomBytes(32).toString('base64url')})`,
    );
  } else if (masterSecret.length < 32) problems.push('MASTER_SECRET must have 32 characters or more');
  const organisations = readOrganisations(env['ORGANISATIONS'], demo, problems);
  const ledger = readLedger(env['LEDGER']);
  const own = ownOrganisations(ledger, organisations, ownMsp, problems);
  const indexUrl = readIndexUrl(env['INDEX_URL'] ?? join(dataDir, 'index.db'), problems);
  const maxStale = Number(env['MAX_STALE'] ?? DEFAULT_MAX_STALE);
  if (!(maxStale >= 1)) problems.push('MAX_STALE must be a number of seconds from 1');
  const maxBody = Number(env['MAX_BODY'] ?? 64 * 1024 * 1024);
  if (!Number.isInteger(maxBody) || maxBody < 1024)
    problems.push('MAX_BODY must be a number of bytes from 1024');
  const trustedProxies = Number(env['TRUSTED_PROXIES'] ?? 0);
  if (!Number.isInteger(trustedProxies) || trustedProxies < 0)
    problems.push('TRUSTED_PROXIES must be a number');
  const labels = readLabelTable(env['SECURITY_LABELS'], problems);
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return {
    demo,
    host: env['HOST'] ?? '127.0.0.1',
    port,
    baseUrl: (env['BASE_URL'] ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    dataDir,
    ledger,
    indexUrl,
    maxStale: maxStale * 1000,
    logLevel: env['LOG_LEVEL'] ?? 'info',
    masterSecret,
    trustedProxies,
    maxBody,
    organisations,
    own,
    ...(env['SEARCH_PARAMETERS'] && { searchParameters: resolve(env['SEARCH_PARAMETERS']) }),
    consentPolicies: (env['CONSENT_POLICIES'] ?? '').split(/[\s,]+/).filter((uri) => uri !== ''),
    ...(labels && { labels }),
  };
}

function readLedger(ledger = 'embedded'): LedgerSettings {
  return ledger === 'embedded' ? { engine: 'embedded' } : { engine: 'fabric', connection: resolve(ledger) };
}

function ownOrganisations(
  ledger: LedgerSettings,
  organisations: readonly OrganisationSettings[],
  ownMsp: ReadOwnMsp,
  problems: string[],
): readonly OrganisationSettings[] {
  if (ledger.engine === 'embedded') return organisations;
  try {
    const mspId = ownMsp(ledger.connection);
    const own = organisations.filter((one) => one.mspId === mspId);
    if (own.length !== 1)
      problems.push(
        `ORGANISATIONS does not name ${mspId}, whose gateway LEDGER (${ledger.connection}) is for`,
      );
    return own;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(`LEDGER must be "embedded" or the path of a Fabric connection file: ${why}`);
    return [];
  }
}

function readIndexUrl(given: string, problems: string[]): string {
  const url = given.replace(/^sqlite:(\/\/)?/, '');
  if (/^postgres(ql)?:/.test(url)) {
    if (!URL.canParse(url)) problems.push('INDEX_URL is no URL of a PostgreSQL database');
  } else if (/^[a-z][a-z0-9+.-]+:/i.test(url)) {
    problems.push('INDEX_URL must be the path of a SQLite file, or postgres://user:password@host/database');
  }
  return url;
}
