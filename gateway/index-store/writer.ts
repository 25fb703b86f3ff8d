import { asNumber, asText, type Connection } from './connection.ts';
import { Interned } from './interned.ts';
import { OPEN_RECORD, statusNumber, typeNumber } from './numbers.ts';
import type { IndexTransaction, IndexWriter } from './port.ts';
import { Purger } from './purge.ts';
import { ensureSchema } from './schema.ts';
import { openForWriting } from './sqlite.ts';
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
  connection: Connection,
  interned: Interned,
): { tx: IndexTransaction; finish: () => Promise<void>; purged: () => boolean } {
  const purger = new Purger(connection, interned);
  const entries = new EntryWriter(connection, interned, new ValueWriter(connection, interned), purger);
  const rules = new RuleWriter(connection, interned);
  const tx: IndexTransaction = {
    putEntry: (entry) => entries.put(entry),
    async putRecord({ patient, home, owner, status }) {
      const number = await interned.name('Patient', patient);
      const homeOrganisation = await interned.organisation(home);
      await connection.run(PUT_RECORD, [number, homeOrganisation, owner ?? null, statusNumber(status)]);
      if (statusNumber(status) !== OPEN_RECORD) await purger.close(number);
    },
    putGrants: (patient, grantee, consents) => rules.putGrants(patient, grantee, consents),
    putPrivacy: (patient, consents) => rules.putPrivacy(patient, consents),
    purgeEntry: (type, id) => purger.entry(type, id),
    purgeVersion: (type, id, version) => purger.version(type, id, version),
    purgeGrants: (patient, grantee) => rules.removeGrants(patient, grantee),
    purgePrivacy: (patient) => rules.putPrivacy(patient, {}),
    async rememberKey(keyHash, key, name) {
      await connection.run(PUT_KEY, [keyHash, key, name]);
    },
    async keyOf(keyHash) {
      const [row] = await connection.all('select key, name from key_name where hash = ?', [keyHash]);
      return row && { key: asText(row['key']), name: asText(row['name']) };
    },
    async forgetKey(keyHash) {
      await connection.run('delete from key_name where hash = ?', [keyHash]);
    },
    async quarantine({ type, id, version, reason, block, txId, patient }) {
      await connection.run(PUT_QUARANTINE, [type, id, version, reason, block, txId, patient ?? null]);
      const [row] = await connection.all(
        'select r.rid, r.version from name n join resource r on r.rid = n.num where n.type = ? and n.id = ?',
        [typeNumber(type), id],
      );
      if (row === undefined || asNumber(row['version']) > version) return;
      await purger.setAside(asNumber(row['rid']));
    },
  };
  return { tx, finish: () => purger.sweep(), purged: () => purger.used };
}

/**
 * Opens the index for the one projector that writes it, and makes its tables when they are missing. Throws when there
 * are tables of another version. Runs in a thread of its own; readers open connections of their own.
 */
export async function openIndexWriter({ file }: { file: string }): Promise<IndexWriter> {
  const connection = openForWriting(file);
  await ensureSchema(connection);
  const interned = new Interned(connection);
  let last: Promise<unknown> = Promise.resolve();

  async function runBlock(block: number, apply: (tx: IndexTransaction) => Promise<void>): Promise<void> {
    await connection.run('begin immediate');
    try {
      const { tx, finish, purged } = transactionOn(connection, interned);
      await apply(tx);
      await finish();
      await connection.run("update meta set value = ? where key = 'position'", [String(block)]);
      await connection.run('commit');
      if (purged()) await connection.foldLog();
    } catch (error) {
      await connection.run('rollback');
      interned.forget();
      throw error;
    }
  }

  return {
    /** One block after another, also when the caller does not wait. */
    block(block, apply) {
      const done = last.then(() => runBlock(block, apply));
      last = done.catch(() => undefined);
      return done;
    },
    async position() {
      await last;
      const [row] = await connection.all("select value from meta where key = 'position'");
      return asNumber(row?.['value'] ?? -1);
    },
    async close() {
      await last;
      await connection.close();
    },
  };
}
