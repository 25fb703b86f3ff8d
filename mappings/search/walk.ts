import { isObject, type Json, type JsonObject } from '../resource.ts';
import { listOf, textOf } from './json.ts';
import type { Step } from './path.ts';
import { typeInReference } from './reference-target.ts';

/** Told of each element that a path leads to. */
export type Visit<End> = (end: End, element: Json) => void;

/** Many paths as one tree, so that a resource is gone through once for all its parameters. */
export interface Branch<End> {
  ends: End[];
  properties: { name: string; index: number | undefined; branch: Branch<End> }[];
  filters: { step: Extract<Step, object>; branch: Branch<End> }[];
}

export const newBranch = <End>(): Branch<End> => ({ ends: [], properties: [], filters: [] });

/** The branch at the end of these steps, grown where it doesn't exist yet. */
export function grow<End>(from: Branch<End>, steps: readonly Step[]): Branch<End> {
  let at = from;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step === undefined) continue;
    if (typeof step !== 'string') {
      at = growFilter(at, step);
      continue;
    }
    const next = steps[i + 1];
    const index = typeof next === 'object' && 'index' in next ? next.index : undefined;
    if (index !== undefined) i++;
    at = growProperty(at, step, index);
  }
  return at;
}

function growProperty<End>(at: Branch<End>, name: string, index: number | undefined): Branch<End> {
  const known = at.properties.find((property) => property.name === name && property.index === index);
  if (known !== undefined) return known.branch;
  const branch = newBranch<End>();
  at.properties.push({ name, index, branch });
  return branch;
}

function growFilter<End>(at: Branch<End>, step: Extract<Step, object>): Branch<End> {
  const key = JSON.stringify(step);
  const known = at.filters.find((filter) => JSON.stringify(filter.step) === key);
  if (known !== undefined) return known.branch;
  const branch = newBranch<End>();
  at.filters.push({ step, branch });
  return branch;
}

/** Walks an element of a resource down the tree, and tells of every end that it reaches. */
export function walk<End>(branch: Branch<End>, element: Json, resource: JsonObject, visit: Visit<End>): void {
  for (const end of branch.ends) visit(end, element);
  if (isObject(element)) {
    for (const { name, index, branch: below } of branch.properties) {
      const value = element[name];
      if (value === undefined) continue;
      if (!Array.isArray(value)) {
        if (index === undefined || index === 0) walk(below, value, resource, visit);
      } else if (index === undefined) for (const item of value) walk(below, item, resource, visit);
      else if (value[index] !== undefined) walk(below, value[index], resource, visit);
    }
  }
  for (const { step, branch: below } of branch.filters)
    if (passes(step, element, resource)) walk(below, element, resource, visit);
}

function passes(step: Extract<Step, object>, element: Json, resource: JsonObject): boolean {
  if ('where' in step) return isObject(element) && element[step.where] === step.is;
  if ('resolvesTo' in step) return referredType(element, resource) === step.resolvesTo;
  // An index follows a property, and is taken with it.
  return false;
}

/** The type of what a reference points at, as far as it can be told without looking it up. */
function referredType(element: Json, resource: JsonObject): string | undefined {
  if (typeof element === 'string') return typeInReference(element);
  if (!isObject(element)) return undefined;
  const text = textOf(element, 'reference');
  if (text?.startsWith('#')) return containedType(text.slice(1), resource);
  return (text && typeInReference(text)) ?? textOf(element, 'type');
}

function containedType(id: string, resource: JsonObject): string | undefined {
  const contained = listOf(resource, 'contained').find((each) => isObject(each) && each['id'] === id);
  return isObject(contained) ? textOf(contained, 'resourceType') : undefined;
}
