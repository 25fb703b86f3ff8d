import { Wallet } from 'fabric-network';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { labelOf, SealedWalletStore } from './wallet-store.ts';

const ada: StoredIdentity = {
  mspId: 'HospitalMSP',
  pseudonym: 'a/b',
  certificate: 'a certificate',
  privateKey: 'a key',
};

test('the library’s wallet finds an organisation’s identities, unsealed when they are asked for', async () => {
  const asked: unknown[] = [];
  const wallet = new Wallet(
    new SealedWalletStore({
      get: async (ref) => {
        asked.push(ref);
        return ref.pseudonym === ada.pseudonym ? ada : undefined;
      },
    }),
  );
  expect(asked).toEqual([]);
  expect(await wallet.get(labelOf(ada))).toEqual({
    type: 'X.509',
    mspId: 'HospitalMSP',
    credentials: { certificate: 'a certificate', privateKey: 'a key' },
  });
  expect(await wallet.get(labelOf({ ...ada, pseudonym: 'other' }))).toBeUndefined();
  expect(asked).toEqual([
    { mspId: 'HospitalMSP', pseudonym: 'a/b' },
    { mspId: 'HospitalMSP', pseudonym: 'other' },
  ]);
});

test('nothing is put into it, taken out of it or listed', async () => {
  const store = new SealedWalletStore({ get: async () => ada });
  expect(await store.list()).toEqual([]);
  await expect(store.put()).rejects.toThrow('enrolled by the organisation');
  await expect(store.remove()).rejects.toThrow('removed by the organisation');
});
