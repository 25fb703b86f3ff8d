/** The part of FHIRPath that R4's search parameters are written in. */
export type Expression =
  | { kind: 'root'; name: string }
  | { kind: 'member'; of: Expression | undefined; name: string }
  | { kind: 'index'; of: Expression; index: number }
  | { kind: 'type'; of: Expression; type: string }
  | { kind: 'where'; of: Expression; member: string; is: string }
  | { kind: 'resolvesTo'; of: Expression; type: string }
  | { kind: 'extension'; of: Expression; url: string }
  | { kind: 'exists'; of: Expression }
  | { kind: 'isNot'; of: Expression; value: boolean }
  | { kind: 'and'; both: [Expression, Expression] }
  | { kind: 'union'; of: Expression[] };

/** An expression that uses more of FHIRPath than this compiler knows. */
export class ExpressionError extends Error {
  constructor(message: string, source: string) {
    super(`${message} in the expression ${source}`);
    this.name = 'ExpressionError';
  }
}

const TOKENS = /\s*(?:([A-Za-z_]\w*)|%(\w+)|'((?:[^'\\]|\\.)*)'|(\d+)|(!=|[.|()=[\]]))/y;

interface Token {
  kind: 'name' | 'variable' | 'string' | 'number' | 'symbol';
  text: string;
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trim();
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const at = TOKENS.lastIndex;
    const match = TOKENS.exec(text);
    if (match === null) throw new ExpressionError(`unexpected character at ${String(at)}`, source);
    const [, name, variable, string, number, symbol] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (variable !== undefined) tokens.push({ kind: 'variable', text: variable });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll(/\\(.)/g, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else tokens.push({ kind: 'symbol', text: symbol ?? '' });
  }
  return tokens;
}

/** Parses the expression of a search parameter. Throws ExpressionError for what R4's parameters never use. */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source);
  let next = 0;
  const fail = (wanted: string): never => {
    throw new ExpressionError(`expected ${wanted}, got ${tokens[next]?.text ?? 'the end'}`, source);
  };
  const sees = (text: string): boolean => {
    const token = tokens[next];
    return token?.text === text && (token.kind === 'symbol' || token.kind === 'name');
  };
  const accept = (text: string): boolean => sees(text) && ++next > 0;
  const expect = (text: string): void => {
    if (!accept(text)) fail(text);
  };
  const take = (kind: Token['kind']): string => {
    const token = tokens[next];
    if (token?.kind !== kind) return fail(`a ${kind}`);
    next++;
    return token.text;
  };

  const conjunction = (): Expression => {
    const left = comparison();
    return accept('and') ? { kind: 'and', both: [left, conjunction()] } : left;
  };
  const comparison = (): Expression => {
    const left = union();
    if (!accept('!=')) return left;
    const literal = take('name');
    if (literal !== 'true' && literal !== 'false') return fail('true or false');
    return { kind: 'isNot', of: left, value: literal === 'true' };
  };
  const union = (): Expression => {
    const of = [typed()];
    while (accept('|')) of.push(typed());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'union', of };
  };
  const typed = (): Expression => {
    const of = chain();
    return accept('as') ? { kind: 'type', of, type: take('name') } : of;
  };
  const chain = (): Expression => {
    let at = term();
    for (;;) {
      if (accept('.')) at = invocation(at, take('name'));
      else if (accept('[')) {
        at = { kind: 'index', of: at, index: Number(take('number')) };
        expect(']');
      } else return at;
    }
  };
  const term = (): Expression => {
    if (accept('(')) {
      const inner = conjunction();
      expect(')');
      return inner;
    }
    if (tokens[next]?.kind === 'variable') return { kind: 'root', name: `%${take('variable')}` };
    const name = take('name');
    return /^[A-Z]/.test(name) ? { kind: 'root', name } : { kind: 'member', of: undefined, name };
  };
  const invocation = (of: Expression, name: string): Expression => {
    if (!accept('(')) return { kind: 'member', of, name };
    const call = callOf(of, name);
    expect(')');
    return call;
  };
  const callOf = (of: Expression, name: string): Expression => {
    switch (name) {
      case 'as':
      case 'ofType':
        return { kind: 'type', of, type: take('name') };
      case 'exists':
        return { kind: 'exists', of };
      case 'extension':
        return { kind: 'extension', of, url: take('string') };
      case 'where':
        return condition(of);
      default:
        return fail('a function that search parameters use');
    }
  };
  const condition = (of: Expression): Expression => {
    const member = take('name');
    if (member === 'resolve' && accept('(')) {
      expect(')');
      expect('is');
      return { kind: 'resolvesTo', of, type: take('name') };
    }
    expect('=');
    return { kind: 'where', of, member, is: take('string') };
  };

  const expression = conjunction();
  if (next < tokens.length) fail('the end');
  return expression;
}
