import type { Issue, IssueCode } from '../errors.ts';
import type { Json, JsonObject } from '../resource.ts';
import { ContainedScope } from './contained.ts';
import { expressionOf, typeOf } from './element-path.ts';
import type { Step } from './element-path.ts';
import { MOST_ISSUES } from './most-issues.ts';
import { faultOfNarrative } from './narrative.ts';

/** What was seen on the way through a resource. */
export interface Content {
  issues: Issue[];
  /** The types of the resource and of all resources inside it. */
  types: Set<string>;
}

/** Elements that hold resources. */
const HOLDS_RESOURCE: ReadonlySet<string> = new Set(['contained', 'resource', 'outcome']);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Walks once through a resource that has the right shape and checks what neither the schema nor the invariants see:
 * objects without content (ele-1), nulls and lists of primitives out of step with their extensions
 * (https://hl7.org/fhir/R4/json.html#primitive), what a narrative may hold, and that `#id` names a contained resource.
 */
export const checkContent = (resource: JsonObject): Content => new ContentWalk(resource).content;

class ContentWalk {
  readonly content: Content = { issues: [], types: new Set() };
  readonly #root: JsonObject;
  readonly #steps: Step[] = [];

  constructor(resource: JsonObject) {
    this.#root = resource;
    this.#resource(resource, undefined);
  }

  #report(code: IssueCode, diagnostics: string, steps: readonly Step[] = this.#steps): void {
    if (this.content.issues.length >= MOST_ISSUES) return;
    this.content.issues.push({
      severity: 'error',
      code,
      diagnostics,
      expression: [expressionOf(typeOf(this.#root), steps)],
    });
  }

  /** `container`: the scope of the resource that contains this one. */
  #resource(resource: JsonObject, container: ContainedScope | undefined): void {
    this.content.types.add(typeOf(resource));
    if (container !== undefined && resource['contained'] !== undefined)
      this.#report('invariant', 'dom-2: A contained resource must not contain resources itself');
    const scope = container ?? new ContainedScope(resource);
    if (container === undefined && scope.repeatedId !== undefined)
      this.#report('invariant', 'Two contained resources have the same id', [...this.#steps, 'contained']);
    this.#object(resource, scope);
    if (container === undefined)
      for (const steps of scope.unresolved())
        this.#report('invariant', 'ref-1: No contained resource has this id', steps);
  }

  #object(object: JsonObject, scope: ContainedScope): void {
    let substance = false;
    for (const name in object) {
      const value = object[name];
      if (name !== 'id') substance = true;
      if (typeof value === 'object') {
        this.#steps.push(name);
        if (Array.isArray(value)) this.#list(value, name, object, scope);
        else if (value === null)
          this.#report('structure', 'null stands for nothing here: leave the element out');
        else this.#child(value, name, scope);
        this.#steps.pop();
      } else if (name === 'reference' && typeof value === 'string') {
        if (value.startsWith('#')) scope.refer(value.slice(1), [...this.#steps, name]);
      } else if (name === 'div' && typeof value === 'string') {
        const fault = faultOfNarrative(value);
        if (fault !== undefined) this.#report('invariant', fault, [...this.#steps, name]);
      }
    }
    if (!substance) this.#report('invariant', 'ele-1: An element must have a value or children');
  }

  #list(list: Json[], name: string, parent: JsonObject, scope: ContainedScope): void {
    const partner = parent[name.startsWith('_') ? name.slice(1) : `_${name}`];
    if (partner !== undefined && (!Array.isArray(partner) || partner.length !== list.length))
      this.#report('structure', 'A list of values and the list of their extensions must be of one length');
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      if (typeof item !== 'object') continue;
      this.#steps.push(index);
      if (item === null) {
        const other = Array.isArray(partner) ? partner[index] : undefined;
        if (other === undefined || other === null)
          this.#report('structure', 'null may only hold the place of a value that has an extension instead');
      } else if (isObject(item)) this.#child(item, name, scope);
      this.#steps.pop();
    }
  }

  #child(object: JsonObject, name: string, scope: ContainedScope): void {
    if (HOLDS_RESOURCE.has(name) && typeof object['resourceType'] === 'string')
      this.#resource(object, name === 'contained' ? scope : undefined);
    else this.#object(object, scope);
  }
}
