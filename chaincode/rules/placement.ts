import { typeRow } from '../api/index.ts';
import type { Home, OutcomeCode, Section } from '../api/index.ts';

/** What an entry says about where it belongs; the content it can't contradict is checked by every gateway. */
export interface Placement {
  type: string;
  id: string;
  home: Home;
  patient?: string | undefined;
  section?: Section | undefined;
  labels?: readonly string[] | undefined;
}

/**
 * Whether a resource of the type can live there: BAD_SECTION when its home or section is none of the type's, or a
 * patient or section is missing or superfluous; FORBIDDEN for what only the operator loads.
 */
export function checkPlacement(entry: Placement): OutcomeCode {
  const row = typeRow(entry.type);
  if (!row) return 'BAD_SECTION';
  if (row.homes.includes('definitional')) return 'FORBIDDEN';
  if (!row.homes.includes(entry.home)) return 'BAD_SECTION';
  if (entry.home !== 'patient') {
    return entry.patient === undefined && entry.section === undefined ? 'OK' : 'BAD_SECTION';
  }
  if (entry.patient === undefined || entry.section === undefined) return 'BAD_SECTION';
  return row.sections.includes(entry.section) ? 'OK' : 'BAD_SECTION';
}

/** True when an update would move the entry to another patient or home, which it never does. */
export const moves = (old: Placement, next: Placement): boolean =>
  old.home !== next.home || old.patient !== next.patient;
