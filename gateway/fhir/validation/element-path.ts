import type { Json, JsonObject } from '../resource.ts';

/** One step into a JSON tree: a name or an index. */
export type Step = string | number;

/**
 * FHIRPath of an element: `Patient.name[0].use`. Primitive extensions are named as FHIRPath names them, without the
 * underscore of JSON.
 */
export const expressionOf = (resourceType: string, steps: readonly Step[]): string =>
  steps.reduce<string>(
    (expression, step) =>
      expression + (typeof step === 'number' ? `[${String(step)}]` : `.${step.replace(/^_(?!_)/, '')}`),
    resourceType,
  );

/** Steps of a JSON pointer such as ajv gives: `/name/0/use`. An index is a step into a list of `root`. */
export const stepsOf = (root: JsonObject, pointer: string): Step[] => {
  let value: Json | undefined = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part): Step => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(name) : name;
      value = child(value, step);
      return step;
    });
};

const child = (value: Json | undefined, step: Step): Json | undefined => {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return typeof value === 'object' && value !== null ? value[step] : undefined;
};

/** Whether the element that an expression such as `Patient.contact[1].name` names is there. */
export const exists = (root: JsonObject, expression: string): boolean => {
  let value: Json | undefined = root;
  for (const part of expression.split('.').slice(1)) {
    const [, name = '', index] = /^([^[]*)(?:\[(\d+)\])?/.exec(part) ?? [];
    value = child(value, name) ?? child(value, `_${name}`);
    if (index !== undefined) value = child(value, Number(index));
    if (value === undefined) return false;
  }
  return true;
};

/** The name for messages; a body whose `resourceType` isn't a name is just a resource. */
export const typeOf = (resource: JsonObject): string => {
  const type = resource['resourceType'];
  return typeof type === 'string' && /^[A-Za-z]{1,40}$/.test(type) ? type : 'Resource';
};
