import { badRequest } from '../errors.ts';

/** What finds elements, in a time that grows with the resource alone: no regular expressions, and nothing that recurs. */
const FUNCTIONS = [
  ...[
    'where',
    'first',
    'last',
    'tail',
    'skip',
    'take',
    'single',
    'ofType',
    'as',
    'is',
    'extension',
    'exists',
  ],
  ...[
    'empty',
    'not',
    'hasValue',
    'count',
    'startsWith',
    'endsWith',
    'contains',
    'and',
    'or',
    'in',
    'resolve',
  ],
];

/**
 * Refuses with 400 a path that is more than a patch needs: FHIRPath as a whole lets a short text take a very long time
 * (`matches`), on the thread that serves everybody.
 */
export function assertPathExpression(path: string, expression: string): void {
  const bare = path.replaceAll(/'(?:[^'\\]|\\.)*'/g, "''");
  if (/[`"\\%]|\/[/*]/.test(bare))
    throw badRequest('A path of a patch has no escapes, variables or comments.', expression);
  const [, stranger] =
    [...bare.matchAll(/([A-Za-z_]\w*)\s*\(/g)].find(([, name = '']) => !FUNCTIONS.includes(name)) ?? [];
  if (stranger !== undefined) throw badRequest(`A path of a patch does not use ${stranger}().`, expression);
}
