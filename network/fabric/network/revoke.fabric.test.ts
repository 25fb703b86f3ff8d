import { describeFabric, fabricNetwork, type TestNetwork } from '../testing/fabric-network.ts';
import { pingAs } from '../testing/ping.ts';
import { issueMember, type KeyPair } from './certificates/ca.ts';
import { revocationList, serialOf } from './certificates/crl.ts';
import { readPair } from './material/organisation.ts';
import { foldersOfOrganisation } from './network.ts';
import { revoke } from './revoke.ts';

describeFabric('revoking certificates', () => {
  let test: TestNetwork;
  beforeAll(async () => {
    test = await fabricNetwork({ own: true });
  });

  const ca = () => readPair(foldersOfOrganisation(test.network, { name: 'lab' }).ca);
  const member = (name: string): Promise<KeyPair> => issueMember(ca(), name, 'client');

  it('shuts out who holds them, at both organisations’ peers, and nobody else', async () => {
    const [left, stays] = [await member('left'), await member('stays')];
    const ask = (pair: KeyPair) =>
      Promise.all(['hospital', 'lab'].map((at) => pingAs(test.network, 'LabMSP', pair, at)));
    expect(await ask(left)).toEqual(['answered', 'answered']);
    expect(await revoke(test.network, 'lab', { serials: [serialOf(left.certificate)] })).toEqual([
      serialOf(left.certificate),
    ]);
    expect(await ask(left)).toEqual(['refused', 'refused']);
    expect(await ask(stays)).toEqual(['answered', 'answered']);
  });

  it('adds to those that were revoked before, whether by number or by a list of the CA', async () => {
    const [second, third] = [await member('second'), await member('third')];
    const revoked = await revoke(test.network, 'lab', { serials: [serialOf(second.certificate)] });
    expect(revoked).toContain(serialOf(second.certificate));
    const list = await revocationList(ca(), [], [serialOf(third.certificate)]);
    expect(await revoke(test.network, 'lab', { list })).toEqual(
      expect.arrayContaining([...revoked, serialOf(third.certificate)]),
    );
    for (const pair of [second, third])
      expect(await pingAs(test.network, 'LabMSP', pair, 'lab')).toBe('refused');
  });
});
