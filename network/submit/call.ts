import { encodeCommands, type Query } from '@fhir-fabric-gateway/chaincode/api';
import type { Group } from './coalesce.ts';

/** What becomes of the fields of a proposal that the caller chooses. */
export interface Call {
  fn: string;
  args: readonly string[];
  transient: ReadonlyMap<string, Uint8Array>;
}

const SEED_BYTES = 32;

/** The commands of a group as one call of the contract. `random`: bytes that nobody can guess, fresh for each call. */
export function commitCall({ mode, submissions }: Group, random: (bytes: number) => Uint8Array): Call {
  const { commands, contents } = encodeCommands(submissions.flatMap((submission) => submission.commands));
  const transient = new Map([
    ['commands', commands],
    ['contents', contents],
    ['seed', random(SEED_BYTES)],
  ]);
  return { fn: 'Commit', args: [mode], transient };
}

export function queryCall(query: Query): Call {
  return { fn: query.fn, args: [], transient: new Map([['query', Buffer.from(JSON.stringify(query))]]) };
}

/** The answer to a query, whose shape is the query's. */
export function queryAnswer(response: Uint8Array): unknown {
  return JSON.parse(Buffer.from(response).toString('utf8')) as unknown;
}
