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
