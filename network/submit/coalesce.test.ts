import type { Command } from '@fhir-fabric-gateway/chaincode/api';
import { coalesce, estimateBytes, halves, takeGroup, type Submission } from './coalesce.ts';
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

test('the transaction that comes next is the first who waits, with all who may share it; the rest keeps its order', () => {
  const submissions = waiting('a1', 'a3', 'a1', 'a1!', 'a1');
  const { group, rest } = takeGroup(submissions, DEFAULT_LIMITS);
  expect(group?.submissions).toEqual([submissions[0], submissions[2], submissions[4]]);
  expect(rest).toEqual([submissions[1], submissions[3]]);
  expect(takeGroup(rest, DEFAULT_LIMITS)).toMatchObject({
    group: { mode: 'atomic' },
    rest: [submissions[3]],
  });
  expect(takeGroup([], DEFAULT_LIMITS)).toEqual({ group: undefined, rest: [] });
});

test('the halves of a group are all of it', () => {
  const { group } = takeGroup(waiting('a1', 'a1', 'a1'), DEFAULT_LIMITS);
  if (!group) throw new Error('no group');
  expect(halves(group).map(({ submissions }) => submissions.length)).toEqual([2, 1]);
  expect(halves(group).flatMap(({ submissions }) => submissions)).toEqual(group.submissions);
});

test('the estimate of a command’s size counts its content, however deep', () => {
  const size = estimateBytes([{ fn: 'x', assets: [{ entry: { content: new Uint8Array(5000) } }] }]);
  expect(size).toBeGreaterThan(5000);
  expect(size).toBeLessThan(5200);
});
