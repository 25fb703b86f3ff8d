import { applyPatch, type Operation } from 'rfc6902';
import { badRequest } from '../errors.ts';
import type { ParsedBody, ParsedDocument } from '../json/parse.ts';
import type { Json, JsonObject } from '../resource.ts';
import { isObject } from '../write/draft.ts';
import { patched } from './patched.ts';
import { assertPlaces, sizeAt } from './pointer.ts';
import { unprocessable } from './unprocessable.ts';

const TAKES: Readonly<Record<string, readonly string[]>> = {
  add: ['path', 'value'],
  remove: ['path'],
  replace: ['path', 'value'],
  move: ['from', 'path'],
  copy: ['from', 'path'],
  test: ['path', 'value'],
};
/** Names that are no members of an object. */
const NO_MEMBERS = ['__proto__', 'constructor', 'prototype'];
const MOST_OPERATIONS = 10_000;
/** Characters that the copies of a patch may add together: copies of copies double. */
const MOST_COPIED = 1 << 20;

/**
 * A resource changed by a JSON Patch (RFC 6902), all of it or nothing. https://hl7.org/fhir/R4/http.html#patch
 * @throws FhirError 400 when it is no JSON Patch, 422 when it can't be applied or a `test` fails; both name the operation
 */
export function applyJsonPatch(document: ParsedBody, patch: ParsedDocument): ParsedBody {
  const count = assertOperations(patch.value);
  return patched(document, patch.exact ?? patch.value, (tree, operations, decides) => {
    let copied = 0;
    for (let at = 0; at < count; at += 1) {
      const operation = (operations as JsonObject[])[at] as unknown as Operation;
      assertPlaces(tree, operation.path, at);
      if ('from' in operation) assertPlaces(tree, operation.from, at);
      if (operation.op === 'copy') copied += sizeAt(tree, operation.from);
      if (copied > MOST_COPIED) throw unprocessable(`The patch copies too much.`, `[${at}]`);
      if (operation.op !== 'test' || decides) apply(tree, operation, at);
    }
  });
}

function assertOperations(operations: Json): number {
  if (!Array.isArray(operations)) throw badRequest('A JSON Patch is a list of operations.');
  if (operations.length > MOST_OPERATIONS)
    throw badRequest(`A JSON Patch has at most ${MOST_OPERATIONS} operations.`);
  for (const [at, operation] of operations.entries()) {
    const op = isObject(operation) ? operation['op'] : undefined;
    const takes = typeof op === 'string' && Object.hasOwn(TAKES, op) ? TAKES[op] : undefined;
    if (!takes || !isObject(operation))
      throw badRequest(`The op must be add, remove, replace, move, copy or test.`, `[${at}].op`);
    for (const name of takes) {
      const given = operation[name];
      if (name === 'value' ? given === undefined : !isPointer(given))
        throw badRequest(
          name === 'value' ? 'The operation needs a value.' : `${name} must be a JSON Pointer.`,
          `[${at}].${name}`,
        );
    }
  }
  return operations.length;
}

const isPointer = (value: Json | undefined): boolean =>
  typeof value === 'string' &&
  /^(\/([^~]|~[01])*)*$/.test(value) &&
  !value.split('/').some((token) => NO_MEMBERS.includes(token));

function apply(tree: JsonObject, operation: Operation, at: number): void {
  const [failure] = applyPatch(tree, [operation]);
  if (!failure) return;
  const what =
    operation.op === 'test'
      ? `${operation.path} is not what the test says`
      : `nothing can be done at ${operation.path}`;
  throw unprocessable(`Operation ${at + 1} of the patch (${operation.op}): ${what}.`, `[${at}]`);
}
