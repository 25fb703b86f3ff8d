import { startTestGateway } from './cli/test-gateway.ts';
test('labels', async () => {
  const g = await startTestGateway();
  const sys = await g.enter({ role: 'system', scopes: 'system/*.cruds' });
  const post = async (path: string, body: unknown) => {
    const r = await fetch(`${g.fhirBase}/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sys}`, 'content-type': 'application/fhir+json' },
      body: JSON.stringify(body),
    });
    return [r.status, (await r.text()).slice(0, 200)];
  };
  const sec = (n: number) => Array.from({ length: n }, (_, i) => ({ system: 'urn:x', code: String(i) }));
  process.stdout.write(
    JSON.stringify([
      await post('Organization', { resourceType: 'Organization', name: 'x', meta: { security: sec(100) } }),
      await post('Organization', { resourceType: 'Organization', name: 'x', meta: { security: sec(101) } }),
      await post('Organization', {
        resourceType: 'Organization',
        name: 'x',
        meta: { security: [{ system: 'urn:' + 'x'.repeat(600), code: 'a' }] },
      }),
    ]) + '\n',
  );
  await g.close();
}, 60000);
