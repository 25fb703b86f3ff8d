import type { Command, IdentityRef, Receipt } from '@fhir-fabric-gateway/chaincode/api';

/** A submission that waits for a block. */
export interface Submission {
  identity: IdentityRef;
  commands: readonly Command[];
  /** About what the commands take as transient data. */
  bytes: number;
  /** Times that it was endorsed in vain. */
  attempts: number;
  /** Shares its transaction with nobody: the transaction it shared failed as a whole. */
  alone: boolean;
  /** When it may not be begun any more, as `performance.now` counts. */
  deadline: number;
  resolve(receipt: Receipt): void;
  reject(error: Error): void;
}

/** Submissions of one identity that become one transaction. */
export interface Group {
  identity: IdentityRef;
  mode: 'atomic' | 'independent';
  submissions: readonly Submission[];
}

/** What transactions and blocks may hold. */
export interface Bounds {
  /** Lone commands of one identity that share a transaction, and the bytes of their arguments. */
  coalescedCommands: number;
  coalescedBytes: number;
  /** Transient data of all transactions of one block; what is above waits for the next. */
  blockBytes: number;
  blockTransactions: number;
}

/**
 * What the next block takes of those who wait, in order of arrival: lone commands of one identity share transactions,
 * several commands are a transaction of their own. The rest stays for the block after.
 */
export function coalesce(
  waiting: readonly Submission[],
  bounds: Bounds,
): { groups: Group[]; rest: Submission[] } {
  const groups: (Group & { submissions: Submission[]; bytes: number })[] = [];
  const open = new Map<string, (typeof groups)[number]>();
  let bytes = 0;
  for (const [place, submission] of waiting.entries()) {
    if (place > 0 && bytes + submission.bytes > bounds.blockBytes)
      return { groups, rest: waiting.slice(place) };
    const { identity } = submission;
    const name = `${identity.mspId}\n${identity.pseudonym}`;
    const lone = submission.commands.length === 1;
    const shared = lone && !submission.alone ? open.get(name) : undefined;
    if (
      shared &&
      shared.submissions.length < bounds.coalescedCommands &&
      shared.bytes + submission.bytes <= bounds.coalescedBytes
    ) {
      shared.submissions.push(submission);
      shared.bytes += submission.bytes;
    } else {
      if (groups.length >= bounds.blockTransactions) return { groups, rest: waiting.slice(place) };
      const group: (typeof groups)[number] = {
        identity,
        mode: lone ? 'independent' : 'atomic',
        submissions: [submission],
        bytes: submission.bytes,
      };
      groups.push(group);
      if (lone && !submission.alone) open.set(name, group);
    }
    bytes += submission.bytes;
  }
  return { groups, rest: [] };
}

/**
 * The transaction that comes next: the first who waits and, when that is a lone command, what else of the same identity
 * may share it.
 */
export function takeGroup(
  waiting: readonly Submission[],
  bounds: Pick<Bounds, 'coalescedCommands' | 'coalescedBytes'>,
): { group: Group | undefined; rest: Submission[] } {
  const [group] = coalesce(waiting, { ...bounds, blockBytes: Infinity, blockTransactions: Infinity }).groups;
  const taken = new Set(group?.submissions);
  return { group, rest: waiting.filter((submission) => !taken.has(submission)) };
}

/** A group of lone commands in two. */
export function halves({ identity, mode, submissions }: Group): Group[] {
  const middle = Math.ceil(submissions.length / 2);
  return [submissions.slice(0, middle), submissions.slice(middle)].map((half) => ({
    identity,
    mode,
    submissions: half,
  }));
}

/** About the bytes of a value as transient data: its byte strings and texts, and a little for the rest. */
export function estimateBytes(value: unknown): number {
  if (value instanceof Uint8Array) return value.length + 32;
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 2;
  for (const [name, member] of Object.entries(value)) bytes += name.length + 4 + estimateBytes(member);
  return bytes;
}
