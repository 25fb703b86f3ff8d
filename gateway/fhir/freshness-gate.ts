import { typeRow } from '@fhir-fabric-gateway/chaincode/api';
import type { AuditTrail } from '../audit/trail.ts';
import type { Freshness } from '../freshness.ts';
import type { IndexReader } from '../index-store/port.ts';
import type { Principal } from '../principal.ts';
import { FhirError } from './errors.ts';
import type { FhirResponse } from './request.ts';
import type { RouteMatch } from './routes.ts';

/** What the gate asks of the index's age. */
export type IndexAge = Pick<Freshness, 'stale' | 'isHeld'>;

const closed = (diagnostics: string): FhirError =>
  new FhirError(503, { code: 'transient', diagnostics }, { 'Retry-After': '5' });

const held = () => closed('A part of what this concerns has not arrived here yet; try again.');

const READS_ONE = ['read', 'vread', 'history-instance'];

/** Entries of the directory are nobody's record: no revocation can be missing that would close one. */
const readsDirectory = ({ route, type = '' }: RouteMatch): boolean =>
  READS_ONE.includes(route.interaction) && typeRow(type)?.homes.includes('directory') === true;

/** Definitions are not in the index. */
const asksDefinitions = ({ type = '' }: RouteMatch): boolean => typeRow(type)?.homes[0] === 'definitional';

/**
 * Throws 503 while the index is too old to answer others from: a revocation may be missing in it. A patient's own record
 * goes on, and so do reads of single entries of the directory.
 */
export function assertFresh(match: RouteMatch, { requester }: Principal, age: IndexAge): void {
  if (!age.stale || requester.role === 'patient' || readsDirectory(match) || asksDefinitions(match)) return;
  throw closed('This gateway is behind the ledger; until it has caught up, only the own record is open.');
}

const DISCLOSES: readonly string[] = [...READS_ONE, 'search-type', 'search-system', 'operation'];

/**
 * Throws 503 instead of an answer that discloses something of a record of which something is missing here. What was
 * written is answered for: a client must not write it again.
 */
export function assertNothingHeld(
  { route }: RouteMatch,
  { status }: FhirResponse,
  { patients }: AuditTrail,
  { patient: own }: Principal,
  age: IndexAge,
): void {
  if (route.changesState === true) return;
  const foundInstead = route.interaction === 'create' && status === 200;
  if (!foundInstead && !DISCLOSES.includes(route.interaction)) return;
  for (const patient of patients.keys()) if (patient !== own && age.isHeld(patient)) throw held();
}

/** An index whose rules of a record can't be asked for while something of it is missing: no write is judged by them. */
export function withoutHeldRules(index: IndexReader, age: IndexAge): IndexReader {
  return {
    ...index,
    async rules(patient, grantees) {
      if (age.isHeld(patient)) throw held();
      return index.rules(patient, grantees);
    },
  };
}
