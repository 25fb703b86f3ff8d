import { asNumber, asText, type WriteConnection } from './connection.ts';
import { deferred } from './deferred.ts';
import { engineOf } from './engine.ts';
import { FulltextWriter } from './fulltext/write.ts';
import { Interned } from './interned.ts';
import { OPEN_RECORD, statusNumber, typeNumber } from './numbers.ts';
import { NotNextBlock } from './not-next-block.ts';
import { park, unpark } from './parked.ts';
import type { IndexTransaction, IndexWriter } from './port.ts';
import { noteParameters } from './own-parameters.ts';
import { positionOf } from './position.ts';
import { Purger } from './purge.ts';
import type { Changes } from './changes.ts';
import { EntryWriter } from './write-entry.ts';
import { RuleWriter } from './write-rules.ts';
import { ValueWriter } from './write-values.ts';

const PUT_RECORD = `insert into record values (?, ?, ?, ?) on conflict (patient) do update
  set home = excluded.home, owner = excluded.owner, status = excluded.status`;
const PUT_KEY =
  'insert into key_name values (?, ?, ?) on conflict (hash) do update set key = excluded.key, name = excluded.name';
const PUT_QUARANTINE = `insert into quarantine values (?, ?, ?, ?, ?, ?, ?) on conflict (type, id, version) do update
  set reason = excluded.reason, block = excluded.block, tx_id = excluded.tx_id, patient = excluded.patient`;

function transactionOn(
  connection: WriteConnection,
  interned: Interned,
): { tx: IndexTransaction; finish: () => Promise<void>; purged: () => boolean; decides: () => boolean } {
  const fulltext = new FulltextWriter(connection);
  const purger = new Purger(connection, interned, fulltext);
  const values = new ValueWriter(connection, interned);
  const entries = new EntryWriter(connection, interned, values, purger, fulltext);
  const rules = new RuleWriter(connection, interned);
  let decides = false;
  /** For what is asked before someone may read or write: rules and records. */
  const deciding = <T>(done: T): T => {
    decides = true;
    return done;
  };
  const purge = async (names: readonly { type: string; id: string }[]) => {
    await purger.entries(names);
    entries.entriesGone();
  };
  const tx: IndexTransaction = {
    putEntry: (entry) => entries.put(entry),
    async putRecord({ patient, home, owner, status }) {
      decides = true;
      const number = await interned.name('Patient', patient);
      const homeOrganisation = await interned.organisation(home);
      await connection.run(PUT_RECORD, [number, homeOrganisation, owner ?? null, statusNumber(status)]);
      entries.recordChanged(number);
      if (statusNumber(status) !== OPEN_RECORD) await purger.close(number);
    },
    putGrants: (patient, grantee, consents) => deciding(rules.putGrants(patient, grantee, consents)),
    putPrivacy: (patient, consents) => deciding(rules.putPrivacy(patient, consents)),
    purgeEntry: (type, id) => purge([{ type, id }]),
    purgeEntries: purge,
    purgeVersion: (type, id, version) => purger.version(type, id, version),
    purgeGrants: (patient, grantee) => deciding(rules.removeGrants(patient, grantee)),
    purgePrivacy: (patient) => deciding(rules.putPrivacy(patient, {})),
    async rememberKey(keyHash, key, name) {
      await connection.run(PUT_KEY, [keyHash, key, name]);
    },
    async keyOf(keyHash) {
      const [row] = await connection.all('select key, name from key_name where hash = ?', [keyHash]);
      return row && { key: asText(row['key']), name: asText(row['name']) };
    },
    async namesOf(keyHashes) {
      const names = await Promise.all(
        keyHashes.map(async (keyHash) => {
          const [row] = await connection.all('select name from key_name where hash = ?', [keyHash]);
          return row ? [[keyHash, asText(row['name'])] as const] : [];
        }),
      );
      return new Map(names.flat());
    },
    async forgetKey(keyHash) {
      await connection.run('delete from key_name where hash = ?', [keyHash]);
    },
    park: (write) => park(connection, write),
    unpark: (write) => unpark(connection, write),
    async quarantine({ type, id, version, reason, block, txId, patient }) {
      await connection.run(PUT_QUARANTINE, [type, id, version, reason, block, txId, patient ?? null]);
      const [row] = await connection.all(
        'select r.rid, r.version from name n join resource r on r.rid = n.num where n.type = ? and n.id = ?',
        [typeNumber(type), id],
      );
      if (row === undefined || asNumber(row['version']) > version) return;
      await purger.setAside([asNumber(row['rid'])]);
    },
  };
  const asked = { purged: () => purger.used, decides: () => decides };
  const finish = () => fulltext.write().then(() => purger.sweep());
  if (connection.lookUp === undefined) return { tx, finish, ...asked };
  const put = deferred(tx, (some) => entries.expect(some));
  return { tx: put.tx, finish: () => put.flush().then(finish), ...asked };
}

export interface WriterOptions {
  /** As the reader's. */
  url: string;
  /** Told of each change of rules and records, before it is committed and after, and before anyone else is. */
  changes?: Changes;
  /** Signatures of the operator's search parameters, whose values are written. */
  parameters?: readonly string[];
}

/**
 * Opens the index for the one projector that writes it, and makes its tables when they are missing. Throws when there
 * are tables of another version. Runs in a thread of its own; readers open connections of their own.
 */
export async function openIndexWriter({
  url,
  changes,
  parameters = [],
}: WriterOptions): Promise<IndexWriter> {
  const { engine, at } = engineOf(url);
  const connection = await engine.openForWriting(at);
  await noteParameters(connection, parameters);
  const interned = new Interned(connection);
  let last: Promise<unknown> = Promise.resolve();

  /** Runs `apply` after the block `after`, which must be the checkpoint, and sets it to `block`. */
  async function runBlock(
    block: number,
    after: number,
    apply: (tx: IndexTransaction) => Promise<void>,
  ): Promise<void> {
    const { position, ours } = await connection.begin();
    // What another process has written since is not in our memory.
    if (!ours) interned.forget();
    const { tx, finish, purged, decides } = transactionOn(connection, interned);
    try {
      if (after !== position) throw new NotNextBlock(after + 1, position);
      await apply(tx);
      await finish();
      const told = decides() ? changes : undefined;
      told?.changing();
      try {
        await connection.commit(block);
      } finally {
        told?.changed();
      }
      interned.endTransaction();
    } catch (error) {
      interned.forget();
      await connection.rollback();
      throw error;
    }
    if (purged()) await connection.erased();
  }

  /** One after another, also when the caller does not wait. */
  function inTurn(run: () => Promise<void>): Promise<void> {
    const done = last.then(run);
    last = done.catch(() => undefined);
    return done;
  }

  return {
    block: (block, apply) => inTurn(() => runBlock(block, block - 1, apply)),
    amend: (position, apply) => inTurn(() => runBlock(position, position, apply)),
    async position() {
      await last;
      return positionOf(connection);
    },
    async close() {
      await last;
      await connection.close();
    },
  };
}
