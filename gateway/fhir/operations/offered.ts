import type { Operation } from './operation.ts';
import { OPERATIONS } from './table.ts';

interface Offered {
  operation?: { name: string; definition: string }[];
}

/** The `operation` list of the CapabilityStatement: of a resource type, or of the whole system; absent when it is empty. */
export function offeredOperations(level: 'system'): Offered;
export function offeredOperations(level: 'type', type: string): Offered;
export function offeredOperations(level: 'system' | 'type', type = ''): Offered {
  const has = ({ levels, types }: Operation) =>
    level === 'system'
      ? levels.includes('system')
      : levels.some((one) => one !== 'system') &&
        (types === 'all' ? type !== 'AuditEvent' : types.includes(type));
  const operation = OPERATIONS.filter(has).map(({ name, definition }) => ({ name, definition }));
  return operation.length === 0 ? {} : { operation };
}
