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
  /** The resources inside it. */
  inner: InnerResource[];
}

/** A resource inside another, and where it is. */
export interface InnerResource {
  resource: JsonObject;
  steps: readonly Step[];
}

/** Elements that hold resources. */
const HOLDS_RESOURCE: ReadonlySet<string> = new Set(['contained', 'resource', 'outcome']);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Walks once through a resource that has the right shape and checks what neither the schema nor the invariants see:
 * objects without content (ele-1), nulls and lists of primitives out of step with their extensions
 * (https://hl7.org/fhir/R4/json.html#primitive), ids of elements that stand twice, what a narrative may hold, that `#id`
 * names a contained resource, and that what is contained is referred to.
 */
export const checkContent = (resource: JsonObject): Content => new ContentWalk(resource).content;

class ContentWalk {
  readonly content: Content = { issues: [], types: new Set(), inner: [] };
  readonly #root: JsonObject;
  readonly #steps: Step[] = [];
  /** The ids of elements of the resource that is being walked through; a StructureDefinition has its elements' twice. */
  #elementIds: Set<string> | undefined;

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
    if (this.#steps.length > 0) this.content.inner.push({ resource, steps: [...this.#steps] });
    if (container !== undefined && resource['contained'] !== undefined)
      this.#report('invariant', 'dom-2: A contained resource must not contain resources itself');
    const scope = container ?? new ContainedScope(resource);
    if (container === undefined && scope.repeatedId !== undefined)
      this.#report('invariant', 'Two contained resources have the same id', [...this.#steps, 'contained']);
    const [ids, inside] = [this.#elementIds, scope.inside];
    this.#elementIds = typeOf(resource) === 'StructureDefinition' ? undefined : new Set();
    const { id } = resource;
    if (container !== undefined) scope.inside = typeof id === 'string' ? id : undefined;
    this.#object(resource, scope, true);
    this.#elementIds = ids;
    scope.inside = inside;
    if (container !== undefined) return;
    for (const steps of scope.unresolved())
      this.#report('invariant', 'ref-1: No contained resource has this id', steps);
    for (const index of scope.orphans())
      this.#report('invariant', 'dom-3: Nothing refers to this contained resource', [
        ...this.#steps,
        'contained',
        index,
      ]);
  }

  #object(object: JsonObject, scope: ContainedScope, isResource = false): void {
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
      } else if (typeof value === 'string') this.#text(value, name, scope, isResource);
    }
    if (!substance) this.#report('invariant', 'ele-1: An element must have a value or children');
  }

  #text(value: string, name: string, scope: ContainedScope, isResource: boolean): void {
    if (name === 'id' && !isResource) {
      if (this.#elementIds?.has(value)) this.#report('invariant', 'Two elements have the same id');
      this.#elementIds?.add(value);
    } else if (value.startsWith('#')) {
      scope.mention(value.slice(1));
      if (name === 'reference') scope.refer(value.slice(1), [...this.#steps]);
    } else if (name === 'div') {
      const fault = faultOfNarrative(value);
      if (fault !== undefined) this.#report('invariant', fault, [...this.#steps, name]);
    }
  }

  #list(list: Json[], name: string, parent: JsonObject, scope: ContainedScope): void {
    const partner = parent[name.startsWith('_') ? name.slice(1) : `_${name}`];
    if (partner !== undefined && (!Array.isArray(partner) || partner.length !== list.length))
      this.#report('structure', 'A list of values and the list of their extensions must be of one length');
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      if (typeof item === 'string' && item.startsWith('#')) scope.mention(item.slice(1));
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
