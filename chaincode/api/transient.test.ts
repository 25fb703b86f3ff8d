import { decodeCommands, encodeCommands } from './transient.ts';
import type { Command } from './commands.ts';

const write = (content: Uint8Array): Command => ({
  fn: 'UpdateAsset',
  asset: {
    kind: 'entry',
    entry: { type: 'Binary', id: '1', home: 'attached', enc: 'none', kid: '', content },
  },
});

test('commands come back as they were, whatever kind of bytes their contents are', () => {
  const commands = [
    write(Buffer.from('one')),
    write(new Uint8Array(0)),
    write(new TextEncoder().encode('two')),
  ];
  const transient = encodeCommands(commands);
  expect(Buffer.from(transient.contents).toString()).toBe('onetwo');
  expect(decodeCommands(transient)).toEqual(
    [new TextEncoder().encode('one'), new Uint8Array(0), new TextEncoder().encode('two')].map(write),
  );
});

test('a content that lies outside the bytes is refused', () => {
  const commands = new TextEncoder().encode('[{"content":{"$content":[2,2]}}]');
  expect(() => decodeCommands({ commands, contents: new Uint8Array(3) })).toThrow(RangeError);
});
