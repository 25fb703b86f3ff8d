import type { Json, JsonObject } from '../resource.ts';
import { isObject } from '../write/draft.ts';
import { valueAt, type Location } from './location.ts';

/** One change of a tree, by places, so that the same change can be made to another form of it. */
export type Edit =
  | { do: 'set'; at: Location; key: string; value: Json }
  | { do: 'append'; at: Location; key: string; value: Json }
  | { do: 'rename'; at: Location; key: string; value: Json }
  | { do: 'place'; at: Location; value: Json }
  | { do: 'insert'; at: Location; index: number; value: Json }
  | { do: 'remove'; at: Location }
  | { do: 'move'; at: Location; from: number; to: number };

/**
 * Changes a tree. The extensions of primitive values, which stand in a list or member of their own (`_given` beside
 * `given`), go with the values. https://hl7.org/fhir/R4/json.html#primitive
 */
export function make(tree: JsonObject, edit: Edit): void {
  if (edit.do === 'set' || edit.do === 'append') {
    const parent = objectAt(tree, edit.at);
    if (edit.do === 'set') parent[edit.key] = edit.value;
    else append(parent, edit.key, edit.value);
    return;
  }
  if (edit.do === 'remove') return remove(tree, edit.at);
  if (edit.do === 'rename') return rename(tree, edit.at, edit.key, edit.value);
  if (edit.do === 'place') {
    const values = valueAt(tree, edit.at.slice(0, -1));
    if (Array.isArray(values)) values[Number(edit.at.at(-1))] = edit.value;
    return;
  }
  const name = String(edit.at.at(-1));
  const parent = objectAt(tree, edit.at.slice(0, -1));
  for (const [list, filler] of [
    [parent[name], undefined],
    [parent[`_${name}`], null],
  ] as const) {
    if (!Array.isArray(list)) continue;
    if (edit.do === 'insert') list.splice(edit.index, 0, filler === null ? null : edit.value);
    else list.splice(edit.to, 0, ...list.splice(edit.from, 1));
  }
}

/** The object at a location; an extension of a primitive value may be the first that it has. */
function objectAt(tree: JsonObject, location: Location): JsonObject {
  const found = valueAt(tree, location);
  if (isObject(found)) return found;
  const last = location.at(-1);
  const own = typeof last === 'number' ? location.slice(0, -1) : location;
  const name = String(own.at(-1));
  const parent = objectAt(tree, own.slice(0, -1));
  const beside = `_${name.replace(/^_/, '')}`;
  if (typeof last !== 'number') return (parent[beside] = isObject(parent[beside]) ? parent[beside] : {});
  const values = parent[name.replace(/^_/, '')];
  const list = Array.isArray(parent[beside])
    ? parent[beside]
    : Array.from({ length: Array.isArray(values) ? values.length : 0 }, () => null);
  parent[beside] = list;
  const known = list[last];
  const extended: JsonObject = isObject(known) ? known : {};
  list[last] = extended;
  return extended;
}

function append(parent: JsonObject, key: string, value: Json): void {
  const list = parent[key];
  if (Array.isArray(list)) list.push(value);
  else parent[key] = [value];
  const beside = parent[`_${key}`];
  if (Array.isArray(beside)) beside.push(null);
}

/** Replaces a member; one of another name when it is a choice of types, whose former value goes with its extensions. */
function rename(tree: JsonObject, location: Location, key: string, value: Json): void {
  const parent = objectAt(tree, location.slice(0, -1));
  const before = String(location.at(-1));
  if (before !== key) {
    Reflect.deleteProperty(parent, before);
    Reflect.deleteProperty(parent, `_${before}`);
  }
  parent[key] = value;
}

function remove(tree: JsonObject, location: Location): void {
  const last = location.at(-1);
  if (last === undefined) return;
  const own = typeof last === 'number' ? location.slice(0, -1) : location;
  const name = String(own.at(-1));
  const at = own.slice(0, -1);
  const parent = objectAt(tree, at);
  for (const each of [name, `_${name}`]) {
    const list = parent[each];
    if (typeof last === 'number' && Array.isArray(list)) list.splice(last, 1);
    const empty =
      Array.isArray(list) && (list.length === 0 || (each !== name && list.every((one) => one === null)));
    if (typeof last === 'string' || empty) Reflect.deleteProperty(parent, each);
  }
  // An element has a value or children.
  if (Object.keys(parent).length === 0) remove(tree, at);
}
