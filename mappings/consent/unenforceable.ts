import { isObject, type Json } from '../resource.ts';
import type { Problems } from './problems.ts';

/**
 * What would change or blank an element behind the rules' back, at any depth: modifier extensions, and extensions
 * where a value should be. Not in nested provisions, which are looked through one by one.
 */
export function findUnenforceable(value: Json | undefined, path: string, problems: Problems): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => findUnenforceable(item, `${path}[${index}]`, problems));
  } else if (isObject(value)) {
    for (const [name, child] of Object.entries(value)) {
      if (name === 'modifierExtension')
        problems.add(`${path}.${name}`, 'Modifier extensions cannot be enforced.');
      else if (name.startsWith('_') && value[name.slice(1)] === undefined) {
        problems.add(`${path}.${name.slice(1)}`, 'Has no value that could be enforced.');
      } else if (name !== 'extension' && name !== 'provision')
        findUnenforceable(child, `${path}.${name}`, problems);
    }
  }
}
