import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Arguments } from './arguments.ts';

export interface ChosenPassword {
  password: string;
  /** What to print: the password, when nobody else knows it. */
  shown: readonly string[];
}

/** The password of `--password-stdin`, the first line of standard input; else a random one, 144 bits. */
export async function choosePassword(args: Arguments): Promise<ChosenPassword> {
  if (args.flag('password-stdin')) {
    const [password = ''] = (await text(process.stdin)).split(/\r?\n/);
    return { password, shown: [] };
  }
  const password = randomBytes(18).toString('base64url');
  return { password, shown: [`password ${password}`] };
}
