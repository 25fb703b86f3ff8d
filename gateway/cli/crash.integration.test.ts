import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { BackendClient } from '../demo/backend-client.ts';
import { startDemo, type RunningDemo } from '../../tools/start-demo.ts';

const WRITERS = 200;
/** Writes that were answered when the process is killed. */
const ENOUGH = 400;
const marker = 'http://example.org/crash';

interface Bundle {
  total?: number;
  link: { relation: string; url: string }[];
  entry?: { resource: { id: string; identifier?: { value: string }[] } }[];
}

function hospital(demo: RunningDemo): BackendClient {
  const file = readFileSync(join(demo.dataDir, 'clients/hospital-system.jwks.json'), 'utf8');
  const { keys } = JSON.parse(file) as { keys: JWK[] };
  return new BackendClient(demo.baseUrl, 'hospital-system', keys[0] ?? {});
}

const observation = (patient: string, n: number) => ({
  resourceType: 'Observation',
  identifier: [{ system: marker, value: String(n) }],
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
    },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: '2026-01-01T10:00:00Z',
  valueQuantity: { value: n, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});

test('a kill -9 amid the writes of 200 writers loses nothing that was answered and keeps nothing half done', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'crash-'));
  const first = await startDemo(dataDir);
  const client = hospital(first);
  const { entry: [patient] = [] } = await client.fhir<Bundle>('GET', '/Patient?_count=1');
  const id = patient?.resource.id ?? '';

  const answered = new Map<number, string>();
  let next = 0;
  // Each writes until the process is gone.
  const writers = Array.from({ length: WRITERS }, async () => {
    for (;;) {
      const n = next++;
      const { id: written } = await client.fhir<{ id: string }>('POST', '/Observation', observation(id, n));
      answered.set(n, written);
      if (answered.size === ENOUGH) process.kill(first.pid, 'SIGKILL');
    }
  });
  await Promise.allSettled(writers);
  expect(answered.size).toBeGreaterThanOrEqual(ENOUGH);
  await first.stop();

  const said = execFileSync(process.execPath, ['gateway/cli/ledger.ts', 'verify'], {
    env: { ...process.env, DATA_DIR: dataDir },
    encoding: 'utf8',
  });
  expect(said).toMatch(
    /^\d+ blocks, \d+ transactions: all hold\nhead \d+:[\w-]{43}\n\d+ audit records: all hold\n$/,
  );

  const second = await startDemo(dataDir);
  try {
    const again = hospital(second);
    for (const [n, written] of answered) {
      const { identifier } = await again.fhir<{ identifier: { value: string }[] }>(
        'GET',
        `/Observation/${written}`,
      );
      expect(identifier).toEqual([{ system: marker, value: String(n) }]);
    }
    const found = await again.fhir<Bundle>(
      'GET',
      `/Observation?identifier=${encodeURIComponent(`${marker}|`)}&_count=1000`,
    );
    const values = (found.entry ?? []).map(({ resource }) => resource.identifier?.[0]?.value);
    expect(new Set(values).size).toBe(values.length);
    expect(values.length).toBeGreaterThanOrEqual(answered.size);
  } finally {
    await second.stop();
    rmSync(dataDir, { recursive: true });
  }
});
