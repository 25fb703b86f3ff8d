import { existsSync, readFileSync } from 'node:fs';

const LINES = 12;

/** The last lines of a log; nothing when there is none. */
export function tailOf(file: string, lines = LINES): string {
  return existsSync(file) ? endOf(readFileSync(file, 'utf8'), lines) : '';
}

/** The last lines of what a program wrote, without what Go prints after a panic, which is where and not why. */
export function endOf(text: string, lines = LINES): string {
  const panic = text.lastIndexOf('\ngoroutine ');
  const why = panic < 0 ? text : text.slice(0, panic);
  const said = why.split('\n').filter((line) => line.trim() !== '' && !STACK.test(line));
  return said.slice(-lines).join('\n');
}

/** Lines of a stack, as Go and pkg/errors write them. */
const STACK = /^\s*(\/\S+\.go:\d+|[\w./-]+\.(\(\*?\w+\)\.)?\w+(\.func\d+)*$)/;
