import { LedgerError, type OutcomeCode, type Receipt } from '@fhir-fabric-gateway/chaincode/api';
import type { Group, Submission } from './coalesce.ts';
import { decodeOutcomes, ledgerError } from './errors.ts';

/**
 * The outcomes in the response to a group's call, one for each command. Throws a LedgerError: of an atomic group that
 * failed, the first command's that did; INTERNAL when the response is not what the contract answers.
 */
export function judge({ mode, submissions }: Group, response: Uint8Array): readonly OutcomeCode[] {
  const outcomes = read(response);
  const commands = submissions.reduce((count, submission) => count + submission.commands.length, 0);
  if (outcomes.length !== commands)
    throw ledgerError('INTERNAL', new Error('not one outcome for each command'));
  if (mode === 'independent') return outcomes;
  const failed = (code: OutcomeCode) => code !== 'OK' && code !== 'ABORTED';
  const index = outcomes.some(failed) ? outcomes.findIndex(failed) : outcomes.indexOf('ABORTED');
  const code = outcomes[index];
  if (code !== undefined && code !== 'OK') throw new LedgerError(code, index);
  return outcomes;
}

function read(response: Uint8Array): OutcomeCode[] {
  try {
    return decodeOutcomes(response);
  } catch (cause) {
    throw ledgerError('INTERNAL', cause);
  }
}

/** Whether a transaction of these outcomes would write anything. */
export const writesNothing = (outcomes: readonly OutcomeCode[]): boolean =>
  outcomes.every((code) => code !== 'OK');

/** Answers those whose command was done, and settles the others as `refuse` does. */
export function answer(
  group: Group,
  outcomes: readonly OutcomeCode[],
  place: Omit<Receipt, 'command'>,
): Submission[] {
  const again = refuse(group, outcomes);
  group.submissions.forEach(({ resolve }, command) => {
    if (group.mode === 'atomic' || outcomes[command] === 'OK') resolve({ ...place, command });
  });
  return again;
}

/**
 * Refuses those lone commands that were not done. Returns those for which only their company was too large: each is to
 * be tried alone.
 */
export function refuse({ mode, submissions }: Group, outcomes: readonly OutcomeCode[]): Submission[] {
  if (mode === 'atomic') return [];
  const alone: Submission[] = [];
  submissions.forEach((submission, command) => {
    const code = outcomes[command];
    if (code === 'TOO_LARGE' && submissions.length > 1) alone.push({ ...submission, alone: true });
    else if (code !== undefined && code !== 'OK') submission.reject(new LedgerError(code));
  });
  return alone;
}
