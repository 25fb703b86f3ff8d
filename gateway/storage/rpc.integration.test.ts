import { Worker } from 'node:worker_threads';
import { RpcClient } from './rpc.ts';

const script = `
  import { parentPort } from 'node:worker_threads';
  import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
  import { serveRpc } from ${JSON.stringify(new URL('./rpc.ts', import.meta.url).href)};
  serveRpc(parentPort, {
    add: async (a, b) => a + b,
    refuse: async () => { throw new LedgerError('STALE', 3); },
    hang: () => new Promise(() => {}),
  });`;

const start = () => new Worker(script, { eval: true, execArgv: ['--input-type=module'] });

test('calls are answered each with its own result, refusals with their code', async () => {
  const worker = start();
  const rpc = new RpcClient(worker);
  const sums = await Promise.all([1, 2, 3].map((n) => rpc.call<number>('add', n, 10)));
  expect(sums).toEqual([11, 12, 13]);
  await expect(rpc.call('refuse')).rejects.toMatchObject({ code: 'STALE', index: 3 });
  await expect(rpc.call('nothing')).rejects.toThrow('no method nothing');
  await worker.terminate();
});

test('when the thread ends, whoever waits is told, and whoever comes after', async () => {
  const worker = start();
  const rpc = new RpcClient(worker);
  await rpc.call('add', 1, 1);
  const waiting = rpc.call('hang');
  await worker.terminate();
  await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(rpc.call('add', 1, 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
