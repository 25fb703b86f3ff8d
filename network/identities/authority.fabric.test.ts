import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredIdentity } from '@fhir-fabric-gateway/chaincode/api';
import { revoke } from '../fabric/network/revoke.ts';
import { describeFabric, fabricNetwork, type TestNetwork } from '../fabric/testing/fabric-network.ts';
import { pingAs } from '../fabric/testing/ping.ts';
import type { Authority } from './authority.ts';
import { openAuthority } from './open-authority.ts';

const server = existsSync(join(process.env['FABRIC_BIN'] ?? '/nowhere', 'fabric-ca-server'));

describeFabric('on a real network', () => {
  describe.each([
    ...(server ? [['Fabric CA', true] as const] : []),
    ['the CA key of the connection file', false] as const,
  ])('an authority by %s', (_how, fabricCa) => {
    let test: TestNetwork;
    let authority: Authority;
    beforeAll(async () => {
      test = await fabricNetwork({ fabricCa });
      const connection = test.connection('lab');
      authority = await openAuthority({ mspId: 'LabMSP', url: ':memory:', secret: 's', connection });
    });
    afterAll(() => authority.close());

    const ask = (pair: StoredIdentity) =>
      Promise.all(['hospital', 'lab'].map((at) => pingAs(test.network, 'LabMSP', pair, at)));

    it('certificates are taken by the peers of all organisations, renewed ones too, until they are revoked', async () => {
      const identity = await authority.enroll({ role: 'lab' });
      const [renewed, stays] = [await authority.renew(identity), await authority.enroll({ role: 'lab' })];
      for (const one of [identity, renewed]) expect(await ask(one)).toEqual(['answered', 'answered']);
      await revoke(test.network, 'lab', { list: await authority.revoke(identity.pseudonym) });
      for (const one of [identity, renewed]) expect(await ask(one)).toEqual(['refused', 'refused']);
      expect(await ask(stays)).toEqual(['answered', 'answered']);
    });

    it('another organisation’s is not opened with it', async () => {
      const connection = test.connection('lab');
      await expect(
        openAuthority({ mspId: 'HospitalMSP', url: ':memory:', secret: 's', connection }),
      ).rejects.toThrow('is of LabMSP, not of HospitalMSP');
    });
  });
});
