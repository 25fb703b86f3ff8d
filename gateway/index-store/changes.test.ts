import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Changes } from './changes.ts';
import { openIndexReader } from './reader.ts';
import { FHIR_BASE, projection } from './testing/store.ts';
import { openIndexWriter } from './writer.ts';

const RECORD = { resourceType: 'Observation', id: 'o1', subject: { reference: 'Patient/p1' } };
const DOCTOR = 'Practitioner/doctor';

test('whoever sees an entry sees the rules of its block, from the moment it is committed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'changes-'));
  const url = join(folder, 'index.db');
  let look: () => Promise<void> = async () => undefined;
  const looks: Promise<void>[] = [];
  /** Another thread looks in the moment between the commit and what is told of it. */
  class Watched extends Changes {
    override changed(): void {
      looks.push(look().finally(() => super.changed()));
    }
  }
  const changes = new Watched();
  const writer = await openIndexWriter({ url, changes });
  const reader = await openIndexReader({ url, fhirBase: FHIR_BASE, changes });
  const grants = async () => (await reader.rules('p1', [DOCTOR])).grants.length;

  await writer.block(0, (tx) => tx.putGrants('p1', DOCTOR, { c: { type: 'permit' } }));
  await Promise.all(looks);
  expect(await grants()).toBe(1);
  const seen: unknown[] = [];
  look = async () => void seen.push((await reader.get('Observation', 'o1'))?.id, await grants());
  await writer.block(1, async (tx) => {
    await tx.purgeGrants('p1', DOCTOR);
    await tx.putEntry(projection(RECORD, { block: 1 }));
  });
  await Promise.all(looks);
  expect(seen).toEqual(['o1', 0]);
  expect(await grants()).toBe(0);

  await reader.close();
  await writer.close();
  rmSync(folder, { recursive: true });
});

test('rules and records are asked for again once they have changed, not when entries have', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'changes-'));
  const url = join(folder, 'index.db');
  const changes = new Changes();
  const writer = await openIndexWriter({ url, changes });
  const reader = await openIndexReader({ url, fhirBase: FHIR_BASE, changes });
  const asked = async () => [await reader.rules('p1', [DOCTOR]), await reader.record('p1')] as const;
  const record = { patient: 'p1', home: 'HospitalMSP', status: 'open' } as const;

  expect(await asked()).toEqual([{ grants: [], privacy: [] }, undefined]);
  await writer.block(0, async (tx) => {
    await tx.putRecord(record);
    await tx.putGrants('p1', DOCTOR, { c: { type: 'permit' } });
  });
  const before = await asked();
  expect(before[0].grants).toHaveLength(1);
  expect(before[1]).toEqual(record);
  await writer.block(1, (tx) => tx.putEntry(projection(RECORD, { block: 1 })));
  const after = await asked();
  expect([after[0] === before[0], after[1] === before[1]]).toEqual([true, true]);
  await writer.block(2, (tx) => tx.putRecord({ ...record, status: 'erasing' }));
  expect((await asked())[1]).toEqual({ ...record, status: 'erasing' });
  await writer.block(3, (tx) => tx.putPrivacy('p1', { c: { type: 'permit' } }));
  expect((await asked())[0].privacy).toHaveLength(1);

  await reader.close();
  await writer.close();
  rmSync(folder, { recursive: true });
});
