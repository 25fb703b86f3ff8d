import { Remotes } from './remote.ts';

/** A peer that is up or down, and how often it was asked. */
function peer(name: string, up = true) {
  return {
    name,
    up,
    asked: 0,
    async checkConnection() {
      this.asked += 1;
      await new Promise((resolve) => setImmediate(resolve));
      if (!this.up) throw new Error('down');
      return true;
    },
  };
}

async function names(remotes: Remotes<ReturnType<typeof peer>>): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of remotes.reachable()) found.push(name);
  return found;
}

test('those that are up come in turn, the one that was preferred first', async () => {
  const remotes = new Remotes([peer('a'), peer('b', false), peer('c')]);
  expect(await names(remotes)).toEqual(['a', 'c']);
  const last = remotes.all[2];
  if (last) remotes.prefer(last);
  expect(await names(remotes)).toEqual(['c', 'a']);
});

test('however many ask at once, a connection is made once; one that is down rests before it is asked again', async () => {
  const [up, down] = [peer('up'), peer('down', false)];
  const remotes = new Remotes([up, down]);
  await Promise.all([names(remotes), names(remotes), names(remotes)]);
  expect(up.asked).toBe(1);
  expect(down.asked).toBe(1);
  await names(remotes);
  expect(down.asked).toBe(1);
});
