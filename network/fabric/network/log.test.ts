import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOf, tailOf } from './log.ts';
import { StepError } from './step.ts';

const PANIC = `INFO starting
ERRO cannot listen
panic: address already in use
\tgithub.com/hyperledger/fabric/internal/peer/node.serve
\t/src/internal/peer/node/start.go:446 +0x25c5

goroutine 1 [running]:
main.main()
\t/src/cmd/peer/main.go:56 +0x325
`;

test('the end of what a program wrote is why it ended, not where', () => {
  expect(endOf(PANIC)).toBe('INFO starting\nERRO cannot listen\npanic: address already in use');
  expect(endOf('one\ntwo\nthree\n', 2)).toBe('two\nthree');
});

test('a step that failed says which one, why, and what its log said last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const log = join(folder, 'peer.log');
  writeFileSync(log, PANIC);
  const { message } = new StepError('start peer0', { cause: new Error('it ended'), log });
  expect(message).toContain('start peer0: it ended');
  expect(message).toContain(`the end of ${log}:`);
  expect(message).toContain('panic: address already in use');
  expect(tailOf(join(folder, 'none.log'))).toBe('');
  rmSync(folder, { recursive: true });
});
