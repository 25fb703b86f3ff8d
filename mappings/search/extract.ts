import { compositeOf } from './composite.ts';
import { isObject, type Json, type JsonObject } from '../resource.ts';
import { onParametersChanged } from './own-table.ts';
import type { ParameterRow, Path } from './path.ts';
import { compiledType } from './table.ts';
import type { Indexed, IndexedValue, SearchParameter } from './values.ts';
import { ruleFor, type ExtractOptions } from './value-of/index.ts';
import { grow, newBranch, walk, type Branch } from './walk.ts';

/** What to do with an element: add values for each of these parameters. */
interface End {
  key: string;
  parameters: SearchParameter[];
  add: (element: Json, resource: JsonObject, into: IndexedValue[], options: ExtractOptions) => void;
}

interface Extractor {
  tree: Branch<End>;
  /** Parameters that ask whether an element is there. */
  conditions: { parameter: SearchParameter; tree: Branch<boolean | undefined> }[];
}

const extractors = new Map<string, Extractor>();
onParametersChanged(() => extractors.clear());

// Parameters that take the same values from an element share the work and the values.
function addEnd(branch: Branch<End>, parameter: SearchParameter, key: string, add: End['add']): void {
  const known = branch.ends.find((end) => end.key === key);
  if (known !== undefined) known.parameters.push(parameter);
  else branch.ends.push({ key, parameters: [parameter], add });
}

function addPath(tree: Branch<End>, parameter: SearchParameter, path: Path): void {
  const rule = ruleFor(parameter.type, path);
  if (rule === undefined) return;
  const key = JSON.stringify([parameter.type, path.type, path.system, path.systems]);
  addEnd(grow(tree, path.steps), parameter, key, (element, _, into, options) => {
    rule(element, into, options);
  });
}

function addComposite(tree: Branch<End>, parameter: SearchParameter, row: ParameterRow): void {
  const components = row.components ?? [];
  const valueOf = compositeOf(components);
  const key = JSON.stringify(components.map(({ type, paths }) => [type, paths]));
  for (const path of row.paths)
    addEnd(grow(tree, path.steps), parameter, key, (element, resource, into, options) => {
      const value = isObject(element) ? valueOf(element, resource, options) : undefined;
      if (value !== undefined) into.push(value);
    });
}

function compile(type: string): Extractor {
  const extractor: Extractor = { tree: newBranch(), conditions: [] };
  for (const { parameter, row } of compiledType(type).compiled) {
    if (parameter.extracted === false) continue;
    if (row.type === 'composite') addComposite(extractor.tree, parameter, row);
    else if (row.paths.some((path) => path.exists)) {
      const tree = newBranch<boolean | undefined>();
      for (const path of row.paths) grow(tree, path.steps).ends.push(path.exists?.unless);
      extractor.conditions.push({ parameter, tree });
    } else for (const path of row.paths) addPath(extractor.tree, parameter, path);
  }
  return extractor;
}

function extractorOf(type: string): Extractor {
  let extractor = extractors.get(type);
  if (extractor === undefined) {
    extractor = compile(type);
    // Only types that there are, whatever a resource calls itself.
    if (compiledType(type).list.length > 0) extractors.set(type, extractor);
  }
  return extractor;
}

/**
 * All values under which a resource can be found, by parameter: one for each element and way to find it, in no
 * particular order, the same value twice if the resource has it twice. Values may be shared between parameters.
 * Not among them: `_id` and `_lastUpdated`, which an index keeps with the resource, and parameters that are marked
 * `extracted: false`. Content that is not what R4 says is left out; nothing throws.
 * https://hl7.org/fhir/R4/search.html
 */
export function extractIndexed(
  resource: JsonObject & { resourceType: string },
  options: ExtractOptions = {},
): Indexed[] {
  const { tree, conditions } = extractorOf(resource.resourceType);
  const indexed: Indexed[] = [];
  walk(tree, resource, resource, (end, element) => {
    const values: IndexedValue[] = [];
    end.add(element, resource, values, options);
    for (const value of values) for (const parameter of end.parameters) indexed.push({ parameter, value });
  });
  for (const { parameter, tree: condition } of conditions) {
    let met = false;
    walk(condition, resource, resource, (unless, element) => {
      met ||= element !== unless && element !== null;
    });
    indexed.push({ parameter, value: { kind: 'token', code: String(met) } });
  }
  return indexed;
}
