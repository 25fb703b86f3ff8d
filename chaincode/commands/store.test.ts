import { REQUEST_KEY } from '../api/index.ts';
import { create, entry, remove, update } from '../testing/commands.ts';
import { network } from '../testing/network.ts';

const flag = (id: string, ...unique: string[]) => entry('Flag', id, '1', { unique });

describe('criteria of which an organisation holds one resource at a time', () => {
  test.each([
    ['updated without them', () => update(flag('a'))],
    ['deleted', () => remove('Flag', 'a')],
  ])('are free when it is %s; the key of a request never is', async (_what, command) => {
    const { ledger, system } = await network();
    const [criteria, key] = ['identifier=urn:order|1', `${REQUEST_KEY}k`];
    expect(await ledger.submit(system, create(flag('a', criteria, key)))).toBe('OK');
    for (const taken of [criteria, key])
      expect(await ledger.submit(system, create(flag('b', taken)))).toBe('NOT_UNIQUE@0');
    expect(await ledger.submit(system, command())).toBe('OK');
    expect(await ledger.submit(system, create(flag('b', criteria)))).toBe('OK');
    expect(await ledger.submit(system, create(flag('c', key)))).toBe('NOT_UNIQUE@0');
  });
});
