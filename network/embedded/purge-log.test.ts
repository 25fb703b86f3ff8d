import { existsSync, readFileSync } from 'node:fs';
import { read, step } from './testing/notebook.ts';
import { Scene } from './testing/scene.ts';
import { StateStore } from './state-store.ts';

let scene: Scene;
const emptyLog = StateStore.prototype.emptyLog;
beforeEach(() => {
  scene = new Scene();
});
afterEach(async () => {
  StateStore.prototype.emptyLog = emptyLog;
  await scene.remove();
});

const inLog = (text: string) =>
  existsSync(`${scene.file}-wal`) && readFileSync(`${scene.file}-wal`).includes(text);

test('what was committed is answered as such when the log can’t be emptied after it; the next block does that', async () => {
  const me = await scene.enroll();
  const ledger = await scene.open();
  await ledger.submit(me, [step({ do: 'put', key: 'a', value: 'to-be-purged' })]);
  let failures = 0;
  StateStore.prototype.emptyLog = () => {
    failures += 1;
    throw new Error('disk I/O error');
  };
  await expect(ledger.submit(me, [step({ do: 'purge', key: 'a' })])).resolves.toMatchObject({ block: 2 });
  expect(failures).toBe(1);
  expect(await ledger.evaluate(me, read('a'))).toMatchObject({ value: '' });
  expect(inLog('to-be-purged')).toBe(true);
  StateStore.prototype.emptyLog = emptyLog;
  await ledger.submit(me, [step({ do: 'put', key: 'b', value: '1' })]);
  expect(inLog('to-be-purged')).toBe(false);
});
