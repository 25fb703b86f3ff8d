import type { LedgerSettings } from '../config.ts';
import type { LaneLimits } from './lane.ts';

/**
 * Reads wait for the index, writes for the ledger: what is slow in one lane holds up nobody in the other. The rest is
 * the CapabilityStatement, the metrics, logins and pages.
 */
export type LaneName = 'reads' | 'writes' | 'rest';

/** Whose turn it is, over and over, while all have some who wait: a write is several times the work of a read. */
export const IN_TURN: readonly LaneName[] = [
  ...['reads', 'reads', 'reads', 'reads', 'writes'],
  ...['reads', 'reads', 'reads', 'reads', 'rest'],
] as const;

const FHIR = '/fhir/R4';
const OPEN = [`${FHIR}/metadata`, `${FHIR}/.well-known/smart-configuration`];

/** What says whether the process lives and works is answered at once, whatever else waits. */
const ALWAYS = ['/healthz', '/readyz'];

/** The lane of a request, told by its first line alone; none, if it never waits. */
export function laneOf(method: string, url: string): LaneName | undefined {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (ALWAYS.includes(path)) return undefined;
  const fhir = path === FHIR || path.startsWith(`${FHIR}/`);
  if (!fhir || method === 'OPTIONS' || OPEN.includes(path)) return 'rest';
  const reads = method === 'GET' || method === 'HEAD' || path.endsWith('/_search');
  return reads ? 'reads' : 'writes';
}

/** What is accepted is to be answered within two seconds, and has its own work before it when it has waited. */
const READ = { patience: 750, tooOld: 1250 };
/**
 * A client whose write is refused has more to do than one whose read is. So many writes run at once that they fill the
 * ledger's blocks, and so few that the embedded ledger gets through them in well under a second. On Fabric they wait for
 * others' machines, which takes little here: for as long as the orderers need to choose another leader, none is refused.
 */
const WRITES: Readonly<
  Record<LedgerSettings['engine'], Pick<LaneLimits, 'running' | 'patience' | 'tooOld'>>
> = {
  embedded: { running: 256, patience: 1250, tooOld: 1600 },
  fabric: { running: 2048, patience: 12_000, tooOld: 15_000 },
};

/** `maxBody`: bytes that a body may have; it takes many times its bytes once it is read. */
export const limitsOf = (
  maxBody: number,
  ledger: LedgerSettings['engine'],
): Record<LaneName, LaneLimits> => ({
  reads: { running: 256, runningBytes: maxBody, waiting: 4096, waitingBytes: 16 << 20, ...READ },
  writes: { runningBytes: maxBody, waiting: 4096, waitingBytes: 32 << 20, ...WRITES[ledger] },
  rest: { running: 64, runningBytes: maxBody, waiting: 1024, waitingBytes: 16 << 20, ...READ },
});
