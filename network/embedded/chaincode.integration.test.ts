import { decodeValue, LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { ledgerAnchors, verifyLedger } from '../index.ts';
import { create, entry, openHospital } from './testing/hospital.ts';
import { readBlocks, Scene } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

test('the project’s contract runs on it: a record is opened, written, read, and refused to whom it must be', async () => {
  const { ledger, hr, system, patient } = await openHospital(scene, { checkDeterminism: true });
  const receipt = await ledger.submit(system, [create(entry('Observation', 'o1', 'vitals', 'a pulse'))]);
  expect(await ledger.evaluate(patient, { fn: 'AssetExists', type: 'Observation', id: 'o1' })).toBe(true);
  expect(await ledger.evaluate(patient, { fn: 'QueryAsset', type: 'Observation', id: 'o1' })).toMatchObject({
    kind: 'entry',
    section: 'vitals',
    version: 1,
  });
  const refused = await ledger
    .submit(hr, [create(entry('Observation', 'o2', 'vitals'))])
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LedgerError);
  expect(refused).toMatchObject({ code: 'FORBIDDEN' });

  const [block] = await readBlocks(ledger, receipt.block);
  const values = block?.transactions[0]?.writes.flatMap(({ value }) => (value ? [decodeValue(value)] : []));
  expect(values).toContainEqual(
    expect.objectContaining({ kind: 'entry', type: 'Observation', id: 'o1', command: 0 }),
  );
  expect(verifyLedger(scene.file).problem).toBeUndefined();
});

test('an erased record is gone from the private data, and the chain still holds', async () => {
  const { ledger, hr, system } = await openHospital(scene, { checkDeterminism: true });
  await ledger.submit(system, [create(entry('Observation', 'o1', 'vitals', 'a pulse of ninety'))]);
  const erase = (more: object) => ({ fn: 'DeleteAsset' as const, erase: { patient: '1', ...more } as never });
  await ledger.submit(hr, [erase({ step: 'begin' })]);
  const entries = ['Observation/o1', 'Consent/first', 'Patient/1'].map((name) => {
    const [type = '', id = ''] = name.split('/');
    return { type, id, versions: 1 };
  });
  await ledger.submit(hr, [erase({ step: 'purge', entries, grantees: ['Organization/5'] })]);
  await ledger.submit(hr, [erase({ step: 'finish' })]);
  const effects = (await readBlocks(ledger)).flatMap(({ transactions }) =>
    transactions.flatMap(({ writes }) => writes.map(({ effect }) => effect)),
  );
  expect(effects).toContain('purge');
  expect(effects).toContain('missing');
  const { readFileSync } = await import('node:fs');
  expect(readFileSync(scene.file).includes('a pulse of ninety')).toBe(false);
  expect(verifyLedger(scene.file).problem).toBeUndefined();
});

test('the anchors of audit logs are read from the ledger’s file by organisation and number', async () => {
  const { ledger, hr, system } = await openHospital(scene);
  expect(ledgerAnchors(scene.file)).toEqual(new Map());
  const roots = ['a', 'b'].map((digit) => digit.repeat(64));
  for (const [at, root] of roots.entries()) {
    const asset = { kind: 'anchor', number: at + 1, root } as const;
    await ledger.submit(at === 0 ? hr : system, [{ fn: 'CreateAssets', assets: [asset] }]);
  }
  const expected = new Map(roots.map((root, at) => [at + 1, root]));
  expect(ledgerAnchors(scene.file)).toEqual(new Map([['HospitalMSP', expected]]));
});
