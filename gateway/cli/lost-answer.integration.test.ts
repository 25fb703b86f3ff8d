import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { heartRate, patientNamed } from './testing/resources.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** A process that is killed after the ledger has a transaction and before its answer is kept. */
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

test('a transaction whose answer was lost is not done again, and its key says that it was done', async () => {
  const token = await gateway.enter({ role: 'system', scopes: 'system/*.cruds' });
  const send = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${gateway.fhirBase}/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json', ...headers },
      body: JSON.stringify(body),
    });
  const { id } = (await (await send('Patient', patientNamed('Hopper'))).json()) as { id: string };
  const entry = [{ resource: heartRate(id), request: { method: 'POST', url: 'Observation' } }];
  const post = () =>
    send('', { resourceType: 'Bundle', type: 'transaction', entry }, { 'Idempotency-Key': 'k' });
  expect((await post()).status).toBe(200);

  const answers = new DatabaseSync(join(gateway.dataDir, 'answers.db'));
  answers.exec('delete from answer');
  answers.close();

  const again = await post();
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('was done')]);
  const found = await fetch(`${gateway.fhirBase}/Observation?patient=${id}&_summary=count`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(await found.json()).toMatchObject({ total: 1 });
});
