import type { Issue, IssueCode } from '../errors.ts';
import type { Json, JsonObject } from '../resource.ts';
import { brokenInvariants } from './data-type-invariants.ts';
import { expressionOf, typeOf } from './element-path.ts';
import type { Step } from './element-path.ts';
import { MOST_ISSUES } from './most-issues.ts';
import type { TypeTable } from './type-table.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Walks once through a resource of the right shape, knowing the type of each element: the invariants of data types, and
 * that a reference names a type that may stand there. https://hl7.org/fhir/R4/references.html
 */
export const checkTypes = (resource: JsonObject, table: TypeTable): Issue[] =>
  new TypedWalk(resource, table).issues;

/** Where HL7's own examples refer to a type that the definition does not name: what they do, others do. */
const AS_HL7_DOES: Readonly<Record<string, string>> = {
  'DeviceMetric.parent': 'DeviceDefinition',
  'DeviceUseStatement.reasonReference': 'Procedure',
  'MedicationRequest.dispenseRequest.performer': 'Practitioner',
  'Observation.performer': 'Encounter',
};

class TypedWalk {
  readonly issues: Issue[] = [];
  readonly #root: JsonObject;
  readonly #table: TypeTable;
  readonly #steps: Step[] = [];

  constructor(root: JsonObject, table: TypeTable) {
    this.#root = root;
    this.#table = table;
    this.#resource(root, root);
  }

  #resource(resource: JsonObject, container: JsonObject): void {
    this.#children(resource, typeOf(resource), container);
  }

  /** `container`: the resource whose contained ones `#id` names. */
  #children(object: JsonObject, type: string, container: JsonObject): void {
    const children = this.#table[type];
    if (children === undefined) return;
    for (const name in object) {
      const value = object[name];
      if (typeof value !== 'object' || value === null || !Object.hasOwn(children, name)) continue;
      const child = children[name];
      if (child === undefined) continue;
      this.#steps.push(name);
      if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) {
          if (!isObject(item)) continue;
          this.#steps.push(index);
          this.#element(item, child, name, container);
          this.#steps.pop();
        }
      } else this.#element(value, child, name, container);
      this.#steps.pop();
    }
  }

  #element(
    element: JsonObject,
    [type, ...targets]: readonly [string, ...string[]],
    name: string,
    container: JsonObject,
  ): void {
    if (type === 'Resource') {
      this.#resource(element, name === 'contained' ? container : element);
      return;
    }
    for (const text of brokenInvariants(type, element)) this.#report('invariant', text);
    if (targets.length > 0) {
      const referred = referredType(element['reference'], container);
      const strange =
        referred !== undefined && Object.hasOwn(this.#table, referred) && !targets.includes(referred);
      if (strange && AS_HL7_DOES[this.#path()] !== referred)
        this.#report('value', `Must refer to one of: ${targets.join(', ')}`);
    }
    this.#children(element, type, container);
  }

  /** Where it stands in the resource as a whole, without places in lists. */
  #path(): string {
    return expressionOf(typeOf(this.#root), this.#steps).replaceAll(/\[\d+\]/g, '');
  }

  #report(code: IssueCode, diagnostics: string): void {
    if (this.issues.length >= MOST_ISSUES) return;
    const expression = [expressionOf(typeOf(this.#root), this.#steps)];
    this.issues.push({ severity: 'error', code, diagnostics, expression });
  }
}

/** The type that a literal reference names; undefined if it names none, as `urn:uuid:` doesn't. */
const referredType = (reference: Json | undefined, container: JsonObject): string | undefined => {
  if (typeof reference !== 'string') return undefined;
  if (reference === '#') return typeOf(container);
  if (reference.startsWith('#')) {
    const { contained } = container;
    const one = Array.isArray(contained)
      ? contained.filter(isObject).find(({ id }) => id === reference.slice(1))
      : undefined;
    return one === undefined ? undefined : typeOf(one);
  }
  return /(?:^|\/)([A-Z][A-Za-z]+)(?:\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$|\?)/.exec(
    reference.slice(0, 2000),
  )?.[1];
};
