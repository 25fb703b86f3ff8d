import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset } from '@fhir-fabric-gateway/chaincode/api';
import { createAuthority, openLedger, openWallet, type StoredBytes } from '@fhir-fabric-gateway/network';
import { record } from '../audit/fixtures/records.ts';
import { openAuditLog } from '../audit/index.ts';
import { operatorOf } from '../setup/operator.ts';
import { Anchors } from './anchors.ts';

const MSP = 'HospitalMSP';
let dataDir: string;
const at = (name: string) => join(dataDir, name);

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ledger-cli-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function cli(...args: string[]): { code: number | null; said: string; wrong: string } {
  const { ORGANISATIONS: _organisations, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['gateway/cli/ledger.ts', ...args], {
    env: { ...env, DATA_DIR: dataDir },
    encoding: 'utf8',
  });
  return { code: status, said: stdout, wrong: stderr };
}

/** One run of a gateway: founds the ledger when it is new, writes audit records, and anchors them when it ends. */
async function run(): Promise<void> {
  const file = at('wallet.db');
  const wallet = await openWallet({ file, secret: 's' });
  const authority = await createAuthority({ mspId: MSP, file, secret: 's' });
  const { pseudonym } = operatorOf(MSP);
  if (!(await wallet.get(operatorOf(MSP))))
    await wallet.put(await authority.enroll({ role: 'hr', pseudonym }));
  const ledger = await openLedger(
    {
      engine: 'embedded',
      file: at('ledger.db'),
      organisations: [{ mspId: MSP, caCertificate: authority.certificate }],
      signer: { file: at('orderer.db'), secret: 's' },
    },
    { identities: wallet },
  );
  if ((await ledger.height()) === 1) {
    const assets: Asset[] = [
      { kind: 'organisation', mspId: MSP, organization: 'Organization/5', roles: ['hr'] },
      { kind: 'identity', mspId: MSP, pseudonym, role: 'hr', status: 'active' },
    ];
    await ledger.submit(operatorOf(MSP), [{ fn: 'CreateAssets', assets }]);
  }
  const log = await openAuditLog({ url: at('audit.db'), clock: Date.now });
  await log.append([record(), record()]);
  await new Anchors(log, ledger, MSP).write();
  await log.close();
  await ledger.close();
  await authority.close();
  await wallet.close();
}

test('verify holds a ledger against what is recorded beside it, and says the head for an auditor to keep', async () => {
  await run();
  const { code, said, wrong } = cli('verify');
  expect({ code, wrong: wrong.replace(/.*ExperimentalWarning.*\n.*\n/, '') }).toEqual({ code: 0, wrong: '' });
  expect(said).toMatch(/^3 blocks, 2 transactions: all hold\nhead 2:[\w-]{43}\n2 audit records: all hold\n$/);
});

test('an auditor’s own signer and head find what a forger of the whole data folder made', async () => {
  await run();
  const signer = at('signer.pem');
  writeFileSync(signer, cli('signer').said);
  const head = /head (\S+)/.exec(cli('verify').said)?.[1] ?? '';
  await run();
  expect(cli('verify', '--signer', signer, '--head', head).code).toBe(0);

  for (const name of ['ledger.db', 'orderer.db', 'audit.db']) rmSync(at(name));
  await run();
  await run();
  expect(cli('verify').code).toBe(0);
  expect(cli('verify', '--signer', signer)).toMatchObject({
    code: 1,
    wrong: expect.stringContaining('block 0 does not hold: the signature is wrong'),
  });
  expect(cli('verify', '--head', head)).toMatchObject({
    code: 1,
    wrong: expect.stringContaining(
      'block 2 does not hold: it is another block than the one that was recorded',
    ),
  });
});

test('a ledger, or an audit log together with its anchors, that was put back to an earlier day is found', async () => {
  await run();
  for (const name of ['ledger.db', 'audit.db']) copyFileSync(at(name), at(`${name}.old`));
  await run();
  copyFileSync(at('audit.db'), at('audit.db.new'));
  copyFileSync(at('audit.db.old'), at('audit.db'));
  expect(cli('verify')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/: all hold\n/),
    wrong: expect.stringContaining('the audit log does not hold: {"kind":"anchor","row":3,"anchor":2}'),
  });
  rmSync(at('audit.db'));
  expect(cli('verify').code).toBe(1);
  copyFileSync(at('audit.db.new'), at('audit.db'));
  expect(cli('verify').code).toBe(0);
  copyFileSync(at('ledger.db.old'), at('ledger.db'));
  expect(cli('verify')).toMatchObject({
    code: 1,
    wrong: expect.stringContaining('the chain ends before block 3, which was recorded'),
  });
});

test('size adds up what is stored, also of a ledger that is in use', async () => {
  await run();
  const size = (): StoredBytes => JSON.parse(cli('size').said) as StoredBytes;
  const first = size();
  expect(first.blocks).toBe(3);
  expect(first.blockBytes).toBeGreaterThan(1000);
  expect(Object.keys(first.values)).toEqual(['identity', 'organisation', 'secret', 'unique']);
  expect(first.values['secret']).toEqual({ count: 1, bytes: 32, keyBytes: 6 });
  await run();
  const { blocks, values } = size();
  expect(blocks).toBe(4);
  // An anchor is public.
  expect(values).toEqual(first.values);
});

test.each([
  [['verify', '--head', '7'], '--head 7 is not <number>:<hash>'],
  [['verify', '--signer', 'nowhere.pem'], 'nowhere.pem'],
  [['verify', '--all'], 'usage: '],
  [['show'], 'show needs a transaction id'],
  [[], 'usage: '],
])('%j is answered with what is wrong', async (args, wrong) => {
  await run();
  const { code, wrong: said } = cli(...args);
  expect(code).toBe(1);
  expect(said).toContain(wrong);
  expect(said).not.toMatch(/^\s+at /m);
});

test('a signer that is no key is told, and another key fails the first block', async () => {
  await run();
  writeFileSync(at('other.pem'), readFileSync(at('orderer.db')));
  expect(cli('verify', '--signer', at('other.pem')).wrong).toContain('the signer is no public key');
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(at('other.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  expect(cli('verify', '--signer', at('other.pem')).wrong).toContain('the signature is wrong');
});
