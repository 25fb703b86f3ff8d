import type { Command } from '@fhir-fabric-gateway/chaincode/api';
import { coalesce, estimateBytes, type Submission } from './coalesce.ts';
import { DEFAULT_LIMITS } from '../embedded/limits.ts';
import { step } from '../embedded/testing/notebook.ts';

/** `a1`: a lone command of a; `a3`: three commands of a; `a1!`: one that must stay alone. */
function waiting(...names: string[]): Submission[] {
  return names.map((name) => ({
    identity: { mspId: 'HospitalMSP', pseudonym: name.charAt(0) },
    commands: Array.from({ length: Number(name.charAt(1)) }, (): Command => step({ do: 'delete', key: 'k' })),
    bytes: 10,
    attempts: 0,
    alone: name.endsWith('!'),
    deadline: Infinity,
    resolve: () => undefined,
    reject: () => undefined,
  }));
}

test.each<[string, string[], Partial<typeof DEFAULT_LIMITS>, string[], number]>([
  ['lone commands of one identity share a transaction', ['a1', 'b1', 'a1'], {}, ['a:2', 'b:1'], 0],
  ['several commands are a transaction of their own', ['a1', 'a3', 'a1'], {}, ['a:2', 'a:1 atomic'], 0],
  ['what failed together is tried alone', ['a1!', 'a1!', 'a1'], {}, ['a:1', 'a:1', 'a:1'], 0],
  [
    'a shared transaction has a bound in commands',
    ['a1', 'a1', 'a1'],
    { coalescedCommands: 2 },
    ['a:2', 'a:1'],
    0,
  ],
  ['and in bytes', ['a1', 'a1', 'a1'], { coalescedBytes: 25 }, ['a:2', 'a:1'], 0],
  ['a block has a bound in transactions', ['a1', 'b1', 'c1'], { blockTransactions: 2 }, ['a:1', 'b:1'], 1],
  ['and in bytes', ['a1', 'b1', 'c1'], { blockBytes: 25 }, ['a:1', 'b:1'], 1],
  ['the first goes in however large', ['a1', 'b1'], { blockBytes: 5 }, ['a:1'], 1],
])('%s: %j', (_what, names, bounds, expected, left) => {
  const { groups, rest } = coalesce(waiting(...names), { ...DEFAULT_LIMITS, ...bounds });
  const shown = groups.map(
    ({ identity, submissions, mode }) =>
      `${identity.pseudonym}:${submissions.length}${mode === 'atomic' ? ' atomic' : ''}`,
  );
  expect(shown).toEqual(expected);
  expect(rest).toHaveLength(left);
});

test('the estimate of a command’s size counts its content, however deep', () => {
  const size = estimateBytes([{ fn: 'x', assets: [{ entry: { content: new Uint8Array(5000) } }] }]);
  expect(size).toBeGreaterThan(5000);
  expect(size).toBeLessThan(5200);
});
