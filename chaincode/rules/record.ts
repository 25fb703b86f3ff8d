import type { EntryValue, OutcomeCode, RecordValue } from '../api/index.ts';
import type { Caller } from './caller.ts';
import { actsForOrganisation } from './caller.ts';

/** A record that can be read and written: NOT_FOUND when there is none, ERASED when it is going or gone. */
export function checkOpen(record: RecordValue | undefined): OutcomeCode {
  if (!record) return 'NOT_FOUND';
  return record.status === 'open' ? 'OK' : 'ERASED';
}

/** Systems open records; an id is taken for ever, whatever became of its record. */
export function mayOpenRecord(
  caller: Caller,
  record: RecordValue | undefined,
  entry: EntryValue | undefined,
): OutcomeCode {
  if (caller.role !== 'system') return 'FORBIDDEN';
  return record || entry ? 'EXISTS' : 'OK';
}

export type EraseStep = 'begin' | 'purge' | 'finish';

/**
 * HR of the record's home erases it, in steps that can be repeated. Once it is erased, HR or a system of any member
 * may have purged what was left over.
 */
export function mayErase(caller: Caller, record: RecordValue | undefined, step: EraseStep): OutcomeCode {
  if (!actsForOrganisation(caller)) return 'FORBIDDEN';
  const home = caller.role === 'hr' && caller.mspId === record?.home;
  if (!record) return caller.role === 'hr' ? 'NOT_FOUND' : 'FORBIDDEN';
  if (step === 'purge' && record.status === 'erased') return 'OK';
  if (!home) return 'FORBIDDEN';
  if (step === 'begin') return record.status === 'erased' ? 'ERASED' : 'OK';
  // Nothing is purged of a record that others may still be writing to.
  return record.status === 'open' ? 'FORBIDDEN' : 'OK';
}
