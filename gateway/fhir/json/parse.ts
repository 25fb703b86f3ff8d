import { FhirError } from '../errors.ts';
import type { Json, JsonObject } from '../resource.ts';
import { parseExact } from './exact.ts';
import type { ExactJson, ExactObject } from './exact.ts';
import { findFault } from './fault.ts';
import { JSON_LIMITS } from './limits.ts';
import type { JsonLimits } from './limits.ts';
import { scan } from './scan.ts';

export interface ParsedBody {
  /** For validating, indexing and deciding: numbers are JavaScript's. */
  resource: JsonObject;
  /** For storing: the same with every number as it was written. Absent if nothing differs. */
  exact?: ExactObject;
}

export interface ParsedDocument {
  value: Json;
  exact?: ExactJson;
}

const refused = (
  diagnostics: string,
  code: 'invalid' | 'structure' | 'too-long' = 'structure',
  path?: string,
): FhirError =>
  new FhirError(400, {
    severity: 'fatal',
    code,
    diagnostics,
    ...(path !== undefined && path !== '' && { expression: [path] }),
  });

const lineAndColumn = (text: string, at: number): string => {
  const before = text.slice(0, at);
  return `line ${String(before.split('\n').length)}, column ${String(at - before.lastIndexOf('\n'))}`;
};

/** UTF-8 to text; a byte order mark is skipped, as RFC 8259 (8.1) lets a reader do. */
const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const lenient = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    const at = bytes.findIndex((byte, index) => byte !== lenient[index]);
    throw refused(`The body is not UTF-8: byte ${String(at < 0 ? bytes.length : at)}`, 'invalid');
  }
};

const countMembers = (root: Json): number => {
  let members = 0;
  const stack: Json[] = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object') stack.push(item);
      continue;
    }
    for (const name in value) {
      members++;
      const inner = value[name];
      if (typeof inner === 'object') stack.push(inner);
    }
  }
  return members;
};

/**
 * Parses JSON of any kind: strict UTF-8, not too deep, no name twice in an object.
 * @throws FhirError 400 that says at which byte, line or path
 */
export const parseDocument = (bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS): ParsedDocument => {
  const { tooDeepAt, members, inexact } = scan(bytes, limits.depth);
  if (tooDeepAt !== undefined)
    throw refused(
      `The body is nested more than ${String(limits.depth)} deep: byte ${String(tooDeepAt)}`,
      'too-long',
    );
  const text = decode(bytes);
  if (text.trim() === '') throw refused('The body is empty');
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw faultOf(text);
  }
  // JSON.parse lets the last of several members of one name win, so that fewer come out than went in.
  if (countMembers(value) !== members) throw faultOf(text);
  const exact = inexact ? parseExact(text) : undefined;
  return exact === undefined ? { value } : { value, exact };
};

const faultOf = (text: string): FhirError => {
  const fault = findFault(text);
  if (fault === undefined) return refused('The body is not JSON');
  return refused(
    `The body is not JSON: ${lineAndColumn(text, fault.at)}: ${fault.reason}`,
    'structure',
    fault.path,
  );
};

/**
 * Parses the body of a request that holds one resource. Its size has been checked; its content hasn't.
 * https://hl7.org/fhir/R4/json.html
 * @throws FhirError 400: not UTF-8, not JSON, too deep, a name twice, not an object
 */
export const parseJson = (bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS): ParsedBody => {
  const { value, exact } = parseDocument(bytes, limits);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused('The body must be one JSON object: a resource');
  return exact === undefined ? { resource: value } : { resource: value, exact: exact as ExactObject };
};
