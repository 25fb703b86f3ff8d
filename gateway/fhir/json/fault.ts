/** Where and why a text isn't JSON that the gateway takes. */
export interface JsonFault {
  /** Index of the character in the text. */
  at: number;
  reason: string;
  /** FHIRPath-like path of the object or value at that place, from the root: `name[0].use`. */
  path: string;
}

const BLANK = /[ \t\n\r]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

interface Level {
  closes: '}' | ']';
  /** Names seen so far, of an object. */
  names: Set<string>;
  /** The name or index of the value that comes. */
  step: string;
}

/**
 * Finds the first place where a text breaks the syntax of JSON or an object has a name twice; undefined if there is none.
 * It runs only after something was found to be wrong, to say where, and keeps its own stack.
 */
export const findFault = (text: string): JsonFault | undefined => {
  const levels: Level[] = [];
  let at = 0;
  const take = (token: RegExp): string | undefined => {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  /** A text in double quotes, as it is written. By a loop, since an expression would run out of stack over megabytes. */
  const takeText = (): string | undefined => {
    const start = at;
    if (!takeCharacter('"')) return undefined;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 0x22) return text.slice(start, ++at);
      if (code === 0x5c ? take(ESCAPE) === undefined : !(code >= 0x20)) return undefined;
      if (code !== 0x5c) at++;
    }
  };
  const takeCharacter = (character: string): boolean => {
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const fault = (reason: string): JsonFault => ({
    at,
    reason,
    path: levels
      .map(({ step }) => step)
      .join('')
      .replace(/^\./, ''),
  });
  const unexpected = (expected: string): JsonFault =>
    fault(at >= text.length ? `ends where ${expected} should come` : `${expected} expected`);

  const name = (level: Level): JsonFault | undefined => {
    take(BLANK);
    const start = at;
    const written = takeText();
    if (written === undefined) return unexpected('a name in double quotes');
    const key = JSON.parse(written) as string;
    level.step = `.${key.slice(0, 80)}`;
    if (level.names.has(key)) {
      at = start;
      return fault('this name is in the object twice');
    }
    level.names.add(key);
    take(BLANK);
    return takeCharacter(':') ? undefined : unexpected('a colon');
  };

  for (;;) {
    take(BLANK);
    let complete = true;
    const opened = takeCharacter('{') ? '{' : takeCharacter('[') ? '[' : undefined;
    if (opened !== undefined) {
      const level: Level = {
        closes: opened === '{' ? '}' : ']',
        names: new Set(),
        step: opened === '{' ? '' : '[0]',
      };
      take(BLANK);
      if (!takeCharacter(level.closes)) {
        complete = false;
        levels.push(level);
        const wrong = opened === '{' ? name(level) : undefined;
        if (wrong !== undefined) return wrong;
      }
    } else if (text[at] === '"') {
      if (takeText() === undefined)
        return fault('this text does not end, or holds a wrong escape or control character');
    } else if (take(SCALAR) === undefined) return unexpected('a value');

    while (complete) {
      take(BLANK);
      const level = levels.at(-1);
      if (level === undefined)
        return at >= text.length ? undefined : fault('nothing may follow the end of the document');
      if (takeCharacter(',')) {
        if (level.closes === '}') {
          const wrong = name(level);
          if (wrong !== undefined) return wrong;
        } else {
          level.step = `[${String(Number(level.step.slice(1, -1)) + 1)}]`;
        }
        complete = false;
      } else if (takeCharacter(level.closes)) levels.pop();
      else return unexpected(`a comma or ${level.closes}`);
    }
  }
};
