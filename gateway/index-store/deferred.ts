import type { EntryProjection, IndexTransaction } from './port.ts';

/** Calls that wait for each other, at most. */
const MOST_WAITING = 1000;

/**
 * Puts the calls of a transaction off, in their order, until one is to answer something or `flush` is called: what many
 * entries need is then looked up at once (`prepare`). An error of a call may come out of a later one.
 */
export function deferred(
  tx: IndexTransaction,
  prepare: (entries: readonly EntryProjection[]) => Promise<void>,
): { tx: IndexTransaction; flush: () => Promise<void> } {
  let waiting: (() => Promise<void>)[] = [];
  let entries: EntryProjection[] = [];

  async function flush(): Promise<void> {
    const [calls, puts] = [waiting, entries];
    waiting = [];
    entries = [];
    if (puts.length > 0) await prepare(puts);
    for (const call of calls) await call();
  }
  const later = (call: () => Promise<void>): Promise<void> => {
    waiting.push(call);
    return waiting.length < MOST_WAITING ? Promise.resolve() : flush();
  };

  return {
    flush,
    tx: {
      putEntry(entry) {
        entries.push(entry);
        return later(() => tx.putEntry(entry));
      },
      putRecord: (record) => later(() => tx.putRecord(record)),
      putGrants: (...set) => later(() => tx.putGrants(...set)),
      putPrivacy: (...set) => later(() => tx.putPrivacy(...set)),
      purgeEntry: (...key) => later(() => tx.purgeEntry(...key)),
      purgeEntries: (names) => later(() => tx.purgeEntries(names)),
      purgeVersion: (...key) => later(() => tx.purgeVersion(...key)),
      purgeGrants: (...key) => later(() => tx.purgeGrants(...key)),
      purgePrivacy: (patient) => later(() => tx.purgePrivacy(patient)),
      rememberKey: (...key) => later(() => tx.rememberKey(...key)),
      async keyOf(keyHash) {
        await flush();
        return tx.keyOf(keyHash);
      },
      async namesOf(keyHashes) {
        await flush();
        return tx.namesOf(keyHashes);
      },
      forgetKey: (keyHash) => later(() => tx.forgetKey(keyHash)),
      park: (write) => later(() => tx.park(write)),
      unpark: (write) => later(() => tx.unpark(write)),
      quarantine: (entry) => later(() => tx.quarantine(entry)),
    },
  };
}
