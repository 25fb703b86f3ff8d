import { typeRow } from '@fhir-fabric-gateway/chaincode/api';

/** One SMART scope of the resource kind, v1 or v2. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html */
export interface Scope {
  context: 'patient' | 'user' | 'system';
  /** A resource type, or `*`. */
  type: string;
  create: boolean;
  read: boolean;
  update: boolean;
  delete: boolean;
  search: boolean;
  /** Search parameters that the resource must match (`?category=...`), as name and value; none by default. */
  query?: readonly (readonly [name: string, value: string])[];
}

/** What a scope can allow, in the order of SMART v2's letters: `cruds`. */
export const PERMISSIONS = ['create', 'read', 'update', 'delete', 'search'] as const;
export type Permission = (typeof PERMISSIONS)[number];

const SHAPE =
  /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|(?=[cruds])c?r?u?d?s?)(?:\?(.+))?$/;
const V1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };
const PARAMETER = /^[A-Za-z_][A-Za-z0-9_-]*(:[a-z-]+)?$/;
/** They shape an answer and select nothing, so they can't confine anything either. */
const RESULT_PARAMETERS: ReadonlySet<string> = new Set(
  `_sort _count _include _revinclude _summary _total _elements _contained _containedType _format _pretty`.split(
    ' ',
  ),
);

function parseQuery(text: string): Scope['query'] {
  const query: [string, string][] = [];
  for (const [name, value] of new URLSearchParams(text)) {
    if (!PARAMETER.test(name) || value === '' || RESULT_PARAMETERS.has(name)) return undefined;
    query.push([name, value]);
  }
  return query.length > 0 ? query : undefined;
}

/**
 * `patient/Observation.rs?category=laboratory`, `user/*.read`, ...; undefined when the text is no resource scope of SMART
 * v1 or v2, its type is none of R4's, or its letters are out of order. Only v2 scopes can have a query.
 */
export function parseScope(text: string): Scope | undefined {
  const [, context, type, permissions, queryText] = SHAPE.exec(text) ?? [];
  if (context === undefined || type === undefined || permissions === undefined) return undefined;
  if (context !== 'patient' && context !== 'user' && context !== 'system') return undefined;
  if (type !== '*' && !typeRow(type)) return undefined;
  const v1 = V1[permissions];
  const letters = v1 ?? permissions;
  const query = queryText === undefined ? undefined : parseQuery(queryText);
  if (queryText !== undefined && (v1 !== undefined || query === undefined)) return undefined;
  return {
    context,
    type,
    create: letters.includes('c'),
    read: letters.includes('r'),
    update: letters.includes('u'),
    delete: letters.includes('d'),
    search: letters.includes('s'),
    ...(query && { query }),
  };
}

/**
 * A scope as it can be granted: search parameters confine what is read, and a write is not found by a search, so of
 * `patient/Observation.cruds?category=laboratory` there remains `.rs?category=laboratory`. Any other text stays as it is.
 */
export function withoutConfinedWrites(text: string): string {
  return text.replace(/\.([cruds]+)\?/, (_match, letters: string) => `.${letters.replaceAll(/[cud]/g, '')}?`);
}

/** The resource scopes in a `scope` string or list; what is none (`openid`, `launch/patient`) is left out. */
export function parseScopes(scope: string | Iterable<string>): Scope[] {
  const texts = typeof scope === 'string' ? scope.split(' ') : [...scope];
  return texts.map(parseScope).filter((parsed) => parsed !== undefined);
}

/** The scope in SMART v2's form, `patient/Observation.rs?category=laboratory`. */
export function formatScope(scope: Scope): string {
  const letters = PERMISSIONS.filter((permission) => scope[permission]).map((permission) => permission[0]);
  const query = scope.query
    ? `?${scope.query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`
    : '';
  return `${scope.context}/${scope.type}.${letters.join('')}${query}`;
}

/** Whether any of the scopes allows `permission` on some resource of `type`: what a token without it is refused for (403). */
export function covers(scopes: readonly Scope[], permission: Permission, type: string): boolean {
  return scopes.some((scope) => scope[permission] && (scope.type === '*' || scope.type === type));
}

type Pair = readonly [string, string];
const same = (a: Pair, b: Pair): boolean => a[0] === b[0] && a[1] === b[1];

/** Whether `inner` says at least everything that `outer` asks of a resource. */
function confinesAtLeast(inner: readonly Pair[], outer: readonly Pair[]): boolean {
  return outer.every((pair) => inner.some((own) => same(own, pair)));
}

/**
 * Whether `granted` allow together all that `scope` allows. It never says yes wrongly; it can say no to a scope that is
 * narrower only because of what its search parameters mean (`code=a` inside `code=a,b`).
 */
export function isWithin(scope: Scope, granted: readonly Scope[]): boolean {
  const wide = granted.filter(
    (other) =>
      other.context === scope.context &&
      (other.type === '*' || other.type === scope.type) &&
      confinesAtLeast(scope.query ?? [], other.query ?? []),
  );
  return PERMISSIONS.every((permission) => !scope[permission] || wide.some((other) => other[permission]));
}

/** What both scopes allow, or undefined when that is nothing. Search parameters of both then hold. */
export function intersect(a: Scope, b: Scope): Scope | undefined {
  if (a.context !== b.context || (a.type !== b.type && a.type !== '*' && b.type !== '*')) return undefined;
  const query = [...(a.query ?? [])];
  for (const pair of b.query ?? []) if (!query.some((own) => same(own, pair))) query.push(pair);
  const both: Scope = {
    context: a.context,
    type: a.type === '*' ? b.type : a.type,
    create: a.create && b.create,
    read: a.read && b.read,
    update: a.update && b.update,
    delete: a.delete && b.delete,
    search: a.search && b.search,
    ...(query.length > 0 && { query }),
  };
  return PERMISSIONS.some((permission) => both[permission]) ? both : undefined;
}
