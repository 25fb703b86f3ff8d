import { randomBytes } from 'node:crypto';

/** Words that nobody has said before: each is said once, somewhere, and looked for everywhere. */
export class Secrets {
  readonly words: string[] = [];

  /** A new word that can be a name, a part of a URL or of an id. */
  word(): string {
    const word = `Unheard${randomBytes(6).toString('hex')}`;
    this.words.push(word);
    return word;
  }
}
