import type { JsonObject } from '../resource.ts';
import type { ComponentRow } from './path.ts';
import type { IndexedValue } from './values.ts';
import { ruleFor, type ExtractOptions, type Rule } from './value-of/index.ts';
import { grow, newBranch, walk, type Branch } from './walk.ts';

interface Component {
  fromRepetition: Branch<Rule>;
  fromResource: Branch<Rule>;
}

function componentOf(row: ComponentRow): Component {
  const component: Component = { fromRepetition: newBranch(), fromResource: newBranch() };
  for (const path of row.paths) {
    const rule = ruleFor(row.type, path);
    const from = path.fromResource ? component.fromResource : component.fromRepetition;
    if (rule !== undefined) grow(from, path.steps).ends.push(rule);
  }
  return component;
}

/**
 * Compiles the components of a composite to a rule for each repetition: the values of all components from that
 * repetition alone, or nothing if one of them has none. https://hl7.org/fhir/R4/search.html#composite
 */
export function compositeOf(
  rows: readonly ComponentRow[],
): (repetition: JsonObject, resource: JsonObject, options: ExtractOptions) => IndexedValue | undefined {
  const components = rows.map(componentOf);
  return (repetition, resource, options) => {
    const parts = new Array<IndexedValue[]>(components.length);
    // The last one is the value, which most often is of another type: then the rest needn't be looked at.
    for (let i = components.length - 1; i >= 0; i--) {
      const values: IndexedValue[] = [];
      const component = components[i];
      if (component === undefined) return undefined;
      walk(component.fromRepetition, repetition, resource, (rule, element) => {
        rule(element, values, options);
      });
      walk(component.fromResource, resource, resource, (rule, element) => {
        rule(element, values, options);
      });
      if (values.length === 0) return undefined;
      parts[i] = values;
    }
    return { kind: 'composite', parts };
  };
}
