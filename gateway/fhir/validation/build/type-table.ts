import type { ElementDefinition } from '@medplum/fhirtypes';
import type { TypeTable } from '../type-table.ts';
import type { Definitions } from './definitions.ts';

const capitalize = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** What a Reference may refer to; undefined if to anything. */
const targetsOf = (profiles: readonly string[] | undefined): string[] | undefined => {
  const targets = profiles?.map((url) => url.replace(/^.*\//, ''));
  return targets === undefined || targets.includes('Resource') ? undefined : targets;
};

/** Which type each element of R4 that is not primitive has, so that a walk through JSON knows where it is. */
export const buildTypeTable = (definitions: Definitions): TypeTable => {
  const table: Record<string, Record<string, [string, ...string[]]>> = {};
  for (const [name, structure] of definitions.structures) {
    if (structure.kind === 'primitive-type' || structure.abstract === true) continue;
    const rename = (elementPath: string): string => elementPath.replace(/^[^.]+/, name);
    const elements = structure.snapshot?.element ?? [];
    const parents = new Set(elements.map(({ path = '' }) => path.replace(/\.[^.]+$/, '')));
    const put = (element: ElementDefinition): void => {
      const path = element.path ?? '';
      const dot = path.lastIndexOf('.');
      const children = (table[rename(path.slice(0, dot))] ??= {});
      const own = path.slice(dot + 1);
      if (element.contentReference !== undefined) children[own] = [rename(element.contentReference.slice(1))];
      for (const { code = '', targetProfile } of element.type ?? []) {
        if (/^[a-z]|System\./.test(code)) continue;
        const key = own.endsWith('[x]') ? own.slice(0, -3) + capitalize(code) : own;
        children[key] = [parents.has(path) ? rename(path) : code, ...(targetsOf(targetProfile) ?? [])];
      }
    };
    table[name] ??= {};
    for (const element of elements.slice(1)) if (element.id?.includes(':') !== true) put(element);
  }
  return table;
};
