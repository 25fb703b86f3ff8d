import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';

/** What the environment says, read once. */
export interface Config {
  demo: boolean;
  host: string;
  port: number;
  /** Without a trailing slash. */
  baseUrl: string;
  dataDir: string;
  ledger: string;
  /** The index's SQLite file. */
  indexFile: string;
  logLevel: string;
  /** Encrypts keys at rest. */
  masterSecret: string;
  /** Proxies in front whose X-Forwarded-For is believed; 0: none. */
  trustedProxies: number;
  /** Bytes that a body may have. */
  maxBody: number;
  organisations: readonly OrganisationSettings[];
  /** `Consent.policy.uri`s whose base rule is deny, as ours is. */
  consentPolicies: readonly string[];
}

export interface OrganisationSettings {
  mspId: string;
  /** Id of its Organization resource. */
  organization: string;
  name: string;
}

export class ConfigError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration; `demo` needs nothing. Throws a ConfigError that names everything that is missing or wrong at once.
 */
export function readConfig(env: Environment, demo: boolean): Config {
  const problems: string[] = [];
  const port = Number(env['PORT'] ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) problems.push('PORT must be a number up to 65535');
  const dataDir = resolve(env['DATA_DIR'] ?? (demo ? '.data/demo' : '.data'));
  const ledger = env['LEDGER'] ?? 'embedded';
  if (ledger !== 'embedded') problems.push('LEDGER: only the embedded ledger is there yet');
  const indexUrl = env['INDEX_URL'] ?? join(dataDir, 'index.db');
  if (/^postgres(ql)?:/.test(indexUrl)) problems.push('INDEX_URL: only SQLite files are there yet');
  const masterSecret = env['MASTER_SECRET'] ?? (demo ? 'demo-master-secret-not-for-real-use' : '');
  if (masterSecret === '') {
    problems.push(
      `MASTER_SECRET is missing: it encrypts the keys at rest (try ${randomBytes(32).toString('base64url')})`,
    );
  } else if (masterSecret.length < 32) problems.push('MASTER_SECRET must have 32 characters or more');
  const organisations = readOrganisations(env['ORGANISATIONS'], demo, problems);
  const maxBody = Number(env['MAX_BODY'] ?? 64 * 1024 * 1024);
  if (!Number.isInteger(maxBody) || maxBody < 1024)
    problems.push('MAX_BODY must be a number of bytes from 1024');
  const trustedProxies = Number(env['TRUSTED_PROXIES'] ?? 0);
  if (!Number.isInteger(trustedProxies) || trustedProxies < 0)
    problems.push('TRUSTED_PROXIES must be a number');
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return {
    demo,
    host: env['HOST'] ?? '127.0.0.1',
    port,
    baseUrl: (env['BASE_URL'] ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    dataDir,
    ledger,
    indexFile: indexUrl.replace(/^sqlite:(\/\/)?/, ''),
    logLevel: env['LOG_LEVEL'] ?? 'info',
    masterSecret,
    trustedProxies,
    maxBody,
    organisations,
    consentPolicies: (env['CONSENT_POLICIES'] ?? '').split(/[\s,]+/).filter((uri) => uri !== ''),
  };
}

const DEMO_ORGANISATIONS: readonly OrganisationSettings[] = [
  { mspId: 'HospitalMSP', organization: 'hospital', name: 'Demo Hospital' },
  { mspId: 'LabMSP', organization: 'lab', name: 'Demo Imaging Lab' },
];

/** `ORGANISATIONS`: `HospitalMSP=hospital=Name of the hospital;LabMSP=lab=Name of the lab`; the first founds the ledger. */
function readOrganisations(
  text: string | undefined,
  demo: boolean,
  problems: string[],
): readonly OrganisationSettings[] {
  if (text === undefined) {
    if (!demo)
      problems.push('ORGANISATIONS is missing: MSP=id=name of each organisation, separated by semicolons');
    return DEMO_ORGANISATIONS;
  }
  return text.split(';').map((one) => {
    const [mspId = '', organization = '', name = ''] = one.split('=').map((part) => part.trim());
    if (!/^[A-Za-z0-9]+$/.test(mspId) || !/^[A-Za-z0-9.-]{1,64}$/.test(organization) || name === '') {
      problems.push(`ORGANISATIONS: "${one}" is not MSP=id=name`);
    }
    return { mspId, organization, name };
  });
}
