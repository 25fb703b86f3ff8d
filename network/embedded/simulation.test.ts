import { range, step } from './testing/notebook.ts';
import { Scene } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

test('a contract whose results differ from run to run is caught', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open({ checkDeterminism: true });
  await ledger.submit(me, [step({ do: 'append', key: 'a', value: '1' })]);
  await expect(ledger.submit(me, [step({ do: 'random' })])).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('keys are ordered by their bytes, and a range that was read forbids writing', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  const keys = ['b', '\u{10000}', 'a', '\uffff', 'é', 'B', 'aa'];
  await ledger.submit(
    me,
    keys.map((key) => step({ do: 'put', key, value: '1' })),
  );
  await ledger.submit(me, [step({ do: 'delete', key: 'aa' })]);
  const ordered = keys
    .filter((key) => key !== 'aa')
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(await ledger.evaluate(me, range('', ''))).toEqual(ordered);
  expect(await ledger.evaluate(me, range('a', 'é'))).toEqual(['a', 'b']);
  const query = step({ do: 'call', method: 'getPrivateDataByRange', args: ['ehr', 'a', 'z'] });
  await expect(ledger.submit(me, [query, step({ do: 'put', key: 'a', value: '2' })])).rejects.toMatchObject({
    cause: { message: 'a transaction that queried private data must not write' },
  });
  await expect(ledger.submit(me, [step({ do: 'put', key: 'a', value: '2' }), query])).rejects.toMatchObject({
    cause: { message: 'a query on private data is supported only in a read-only transaction' },
  });
});

test.each([
  ['getStateByRange', ['a', 'b']],
  ['getQueryResult', ['{}']],
  ['getPrivateDataQueryResult', ['ehr', '{}']],
  ['getHistoryForKey', ['a']],
  ['invokeChaincode', ['other', '', '']],
  ['setEvent', ['name', '']],
  ['getBinding', []],
  ['getSignedProposal', []],
  ['setStateValidationParameter', ['a', '']],
  ['getPrivateDataValidationParameter', ['ehr', 'a']],
])('%s, which the contract does not use, is unsupported', async (method, args) => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  await expect(ledger.submit(me, [step({ do: 'call', method, args })])).rejects.toMatchObject({
    code: 'INTERNAL',
    cause: { message: expect.stringMatching(/^unsupported: /) },
  });
});
