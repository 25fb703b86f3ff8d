import {
  LedgerError,
  decodeCommands,
  type Command,
  type IdentityRef,
} from '@fhir-fabric-gateway/chaincode/api';
import type { Call } from '../../submit/call.ts';
import { TransientFailure } from '../../submit/errors.ts';
import type { Committed } from './commit-watch.ts';
import type { EndorsedTransaction } from './fabric-client.ts';
import { DEFAULT_SUBMIT_LIMITS, Submitter, type SubmitLimits } from './submitter.ts';

const ME = { mspId: 'HospitalMSP', pseudonym: 'me' };
const OTHER = { mspId: 'HospitalMSP', pseudonym: 'other' };
const OVERTAKEN = 11;

/** A command that is nothing but its name. */
const command = (name: string) => ({ fn: name }) as unknown as Command;

/** What a transaction is made of: the names of its commands. */
type Names = readonly string[];

/** A network in which endorsing and committing do what a test says; by default all goes well. */
function network(
  does: {
    endorse?: (names: Names, attempt: number) => unknown;
    commit?: (names: Names, attempt: number) => number | Promise<number>;
  } = {},
  limits: Partial<SubmitLimits> = {},
  patience = 60_000,
) {
  const endorsed: string[] = [];
  const committed: string[] = [];
  const seen = new Map<string, number>();
  const times = (what: string) => {
    const count = (seen.get(what) ?? 0) + 1;
    seen.set(what, count);
    return count;
  };
  let block = 0;
  const submitter = new Submitter({
    identities: {
      get: async (ref) =>
        ref.pseudonym === 'nobody' ? undefined : { ...ref, certificate: '', privateKey: '' },
    },
    client: {
      async endorse(_identity, call: Call) {
        const names = namesOf(call);
        endorsed.push(names.join(' '));
        const answer = await does.endorse?.(names, times(`endorse ${names.join(' ')}`));
        const response = Buffer.from(JSON.stringify(answer ?? names.map(() => 'OK')));
        return { txId: names.join(' '), response, order: async () => undefined };
      },
    },
    ordering: {
      async commit({ txId }: EndorsedTransaction, closing): Promise<Committed> {
        if (closing.aborted) throw new LedgerError('UNAVAILABLE');
        const names = txId.split(' ');
        const code = (await does.commit?.(names, times(`commit ${txId}`))) ?? 0;
        if (code === 0) committed.push(txId);
        return { block: ++block, transaction: 0, code };
      },
    },
    random: (bytes) => new Uint8Array(bytes),
    limits: { ...DEFAULT_SUBMIT_LIMITS, ...limits },
    patience,
  });
  const submit = (name: string, who: IdentityRef = ME) => submitter.submit(who, name.split('+').map(command));
  return { submitter, submit, endorsed, committed };
}

function namesOf({ transient }: Call): string[] {
  const part = (name: string) => transient.get(name) ?? new Uint8Array(0);
  const list = decodeCommands({ commands: part('commands'), contents: part('contents') }) as { fn: string }[];
  return list.map(({ fn }) => fn);
}

/** Outcomes by name: OK, or the code of the refusal. */
async function outcomes(submitted: readonly Promise<unknown>[]): Promise<string[]> {
  const results = await Promise.allSettled(submitted);
  return results.map((result) =>
    result.status === 'fulfilled' ? 'OK' : (result.reason as LedgerError).code,
  );
}

/** A gate that a test opens. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { passed: promise, open: () => resolve(undefined) };
}

const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('what is too large to share a transaction is endorsed one at a time, and holds up nothing small', async () => {
  const endorsing = gate();
  const { submit, endorsed } = network(
    { endorse: (names) => (names.includes('one-that-is-large') ? endorsing.passed : undefined) },
    { coalescedBytes: 30 },
  );
  const first = submit('one-that-is-large', OTHER);
  await turns();
  const second = submit('another-that-is-large', ME);
  const small = submit('small', { ...ME, pseudonym: 'third' });
  await small;
  expect(endorsed).toEqual(['one-that-is-large', 'small']);
  endorsing.open();
  await Promise.all([first, second]);
  expect(endorsed).toEqual(['one-that-is-large', 'small', 'another-that-is-large']);
});

test('a lone command goes at once; those who come while it is endorsed share the next, also while it is committed', async () => {
  const [endorsing, committing] = [gate(), gate()];
  const { submit, endorsed, committed } = network({
    endorse: (names) => (names.includes('first') ? endorsing.passed : undefined),
    commit: async (names) => (names.includes('first') ? (await committing.passed, 0) : 0),
  });
  const first = submit('first');
  await turns();
  const others = ['a', 'b', 'c'].map((name) => submit(name));
  await turns();
  expect(endorsed).toEqual(['first']);
  endorsing.open();
  await Promise.all(others);
  expect(endorsed).toEqual(['first', 'a b c']);
  expect(committed).toEqual(['a b c']);
  committing.open();
  expect(await first).toMatchObject({ txId: 'first', command: 0 });
  expect(await others[2]).toEqual({ txId: 'a b c', block: 1, transaction: 0, command: 2 });
});

test('several commands are a transaction of their own, and nobody shares one with another identity', async () => {
  const { submit, endorsed } = network();
  await Promise.all([submit('a'), submit('b+c'), submit('d'), submit('e', OTHER)]);
  expect(endorsed.sort()).toEqual(['a d', 'b c', 'e']);
});

test('no more of one identity are under way than it may have', async () => {
  const committing = gate();
  const { submit, endorsed } = network(
    { commit: async () => (await committing.passed, 0) },
    { coalescedCommands: 1, unanswered: 2 },
  );
  const all = Promise.all(['a', 'b', 'c'].map((name) => submit(name)));
  await turns();
  expect(endorsed).toEqual(['a', 'b']);
  committing.open();
  await all;
  expect(endorsed).toEqual(['a', 'b', 'c']);
});

test('of a transaction that was overtaken the halves are tried, until only who conflicts is tried again', async () => {
  const { submit, committed } = network({
    commit: (names, attempt) => (names.includes('hot') && (names.length > 1 || attempt < 3) ? OVERTAKEN : 0),
  });
  const names = ['a', 'b', 'hot', 'c', 'd'];
  expect(await outcomes(names.map((name) => submit(name)))).toEqual(names.map(() => 'OK'));
  expect(committed.sort()).toEqual(['a b', 'c d', 'hot']);
});

test('who goes on being overtaken is told of the conflict; another validation code is a failure', async () => {
  const { submit, endorsed } = network(
    { commit: (names) => (names[0] === 'hot' ? OVERTAKEN : 10) },
    { attempts: 3 },
  );
  expect(await outcomes([submit('hot'), submit('bad+bad', OTHER)])).toEqual(['CONFLICT', 'INTERNAL']);
  expect(endorsed.filter((name) => name === 'hot')).toHaveLength(3);
  expect(endorsed.filter((name) => name !== 'hot')).toEqual(['bad bad']);
});

test('what passes is tried again; what does not pass ends, and does not keep the others', async () => {
  const late = () => new TransientFailure('UNAVAILABLE', 'private data is late');
  const { submit } = network(
    {
      endorse: (names, attempt) => {
        if (names.includes('never') || (names.includes('late') && attempt < 2)) throw late();
      },
    },
    { attempts: 5 },
  );
  expect(await outcomes(['a', 'never', 'late', 'b'].map((name) => submit(name)))).toEqual([
    'OK', 'UNAVAILABLE', 'OK', 'OK',
  ]); // prettier-ignore
});

test('one for whom the whole transaction is refused is refused alone', async () => {
  const { submit, endorsed } = network({
    endorse: (names) => {
      if (names.includes('poison')) throw new LedgerError('INTERNAL');
    },
  });
  expect(await outcomes(['a', 'b', 'poison', 'c'].map((name) => submit(name)))).toEqual([
    'OK', 'OK', 'INTERNAL', 'OK',
  ]); // prettier-ignore
  expect(endorsed.filter((names) => names === 'poison')).toHaveLength(1);
});

test('one that was too large only together with others is tried alone', async () => {
  const { submit, endorsed } = network({
    endorse: (names) => names.map((name) => (name === 'large' && names.length > 1 ? 'TOO_LARGE' : 'OK')),
  });
  expect(await outcomes(['a', 'large', 'b'].map((name) => submit(name)))).toEqual(['OK', 'OK', 'OK']);
  expect(endorsed).toEqual(['a large b', 'large']);
});

test('a network that is away is told at once to all, and is not asked for each', async () => {
  const { submit, endorsed } = network({
    endorse: () => {
      throw new LedgerError('UNAVAILABLE');
    },
  });
  expect(await outcomes(['a', 'b', 'c'].map((name) => submit(name)))).toEqual(Array(3).fill('UNAVAILABLE'));
  expect(endorsed).toEqual(['a b c']);
});

test('a transaction that would write nothing is not ordered', async () => {
  const { submit, committed } = network({ endorse: (names) => names.map(() => 'FORBIDDEN') });
  expect(await outcomes(['a', 'b'].map((name) => submit(name)))).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  expect(committed).toEqual([]);
});

test('an undecided transaction is not tried again', async () => {
  const { submit, endorsed } = network({
    commit: () => {
      throw new LedgerError('UNDECIDED');
    },
  });
  expect(await outcomes(['a', 'b'].map((name) => submit(name)))).toEqual(['UNDECIDED', 'UNDECIDED']);
  expect(endorsed).toEqual(['a b']);
});

test('who is not known, has nothing to submit, or has waited too long is refused', async () => {
  const { submitter, submit } = network();
  expect(await outcomes([submit('a', { ...ME, pseudonym: 'nobody' }), submitter.submit(ME, [])])).toEqual([
    'BAD_IDENTITY',
    'BAD_REQUEST',
  ]);
  const { submit: late, endorsed } = network({}, {}, 0);
  expect(await outcomes([late('a')])).toEqual(['UNAVAILABLE']);
  expect(endorsed).toEqual([]);
});

test('closing refuses what was not ordered and waits for what was', async () => {
  const committing = gate();
  const { submitter, submit } = network(
    { commit: async () => (await committing.passed, 0) },
    { unanswered: 1 },
  );
  const ordered = submit('a');
  await turns();
  const waiting = submit('b');
  const closed = submitter.close(60_000);
  committing.open();
  expect(await outcomes([ordered, waiting, submit('c')])).toEqual(['OK', 'UNAVAILABLE', 'UNAVAILABLE']);
  await closed;
});

test('closing does not wait for ever for an endorsement, which is not ordered any more', async () => {
  const endorsing = gate();
  const { submitter, submit } = network({ endorse: () => endorsing.passed });
  const waits = outcomes([submit('a')]);
  await turns();
  await submitter.close(0);
  endorsing.open();
  expect(await waits).toEqual(['UNAVAILABLE']);
});
