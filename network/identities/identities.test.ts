import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createAuthority, openWallet, renewIdentities } from '../index.ts';
import { identitiesSuite } from './testing/identities-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'identities-'));
let files = 0;
const newFile = async (): Promise<string> => join(folder, `${(files += 1)}.db`);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

identitiesSuite(newFile);

test('a wallet that was made before certificates’ ends were noted is renewed all the same', async () => {
  const url = await newFile();
  const authority = await createAuthority({ mspId: 'HospitalMSP', url, secret: 's', clock: () => 0 });
  const first = await openWallet({ url, secret: 's' });
  const identity = await authority.enroll({ role: 'doctor' });
  await first.put(identity);
  await first.close();
  new DatabaseSync(url).exec('ALTER TABLE identity DROP COLUMN expires');
  const wallet = await openWallet({ url, secret: 's' });
  expect(await wallet.get(identity)).toEqual(identity);
  const { renewed } = await renewIdentities({ wallet, authority });
  expect(renewed).toHaveLength(1);
  await wallet.close();
  await authority.close();
});
