import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Ledger, Role } from '@fhir-fabric-gateway/chaincode/api';
import { createAuthority, openLedger, openWallet, type Authority } from '../index.ts';
import type { Engine, Seat } from './engine.ts';

const MSP_IDS = ['HospitalMSP', 'LabMSP'] as const;

/** Both organisations on one ledger in this process, every endorsement run twice. */
export async function openEmbeddedEngine(): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const file = join(folder, 'ledger.db');
  const keys = { file: join(folder, 'wallet.db'), secret: 's' };
  const wallet = await openWallet(keys);
  const authorities = new Map<string, Authority>();
  for (const mspId of MSP_IDS) authorities.set(mspId, await createAuthority({ mspId, ...keys }));
  const impostor = await createAuthority({
    mspId: 'HospitalMSP',
    file: join(folder, 'impostor.db'),
    secret: 's',
  });
  const open = () =>
    openLedger(
      {
        engine: 'embedded',
        file,
        organisations: [...authorities.values()].map(({ mspId, certificate }) => ({
          mspId,
          caCertificate: certificate,
        })),
        signer: { file: join(folder, 'signer.key'), secret: 's' },
        testing: { checkDeterminism: true },
      },
      { identities: wallet },
    );
  let ledger: Ledger = await open();

  async function enroll(authority: Authority | undefined, role: Role) {
    if (!authority) throw new RangeError('no such organisation');
    const identity = await authority.enroll({ role });
    await wallet.put(identity);
    return { mspId: identity.mspId, pseudonym: identity.pseudonym };
  }
  const seat = (mspId: string): Seat => ({
    mspId,
    get ledger() {
      return ledger;
    },
    enroll: (role) => enroll(authorities.get(mspId), role),
  });

  return {
    hospital: seat('HospitalMSP'),
    lab: seat('LabMSP'),
    async reopen() {
      await ledger.close();
      ledger = await open();
    },
    async away() {
      const other = new DatabaseSync(file);
      other.exec('BEGIN IMMEDIATE');
      return async () => other.close();
    },
    stranger: () => enroll(impostor, 'system'),
    async publicBytes() {
      const db = new DatabaseSync(file, { readOnly: true });
      const rows = db.prepare('SELECT data FROM block').all();
      db.close();
      return Buffer.concat(rows.map(({ data }) => (data instanceof Uint8Array ? data : Buffer.alloc(0))));
    },
    async close() {
      await ledger.close();
      for (const authority of [...authorities.values(), impostor]) await authority.close();
      await wallet.close();
      rmSync(folder, { recursive: true });
    },
  };
}
