import type { Route } from '../routes.ts';
import { givenParameters } from './given-parameters.ts';
import type { Level, Operation } from './operation.ts';

const PATHS: Readonly<Record<Level, (type: string) => string>> = {
  system: () => '',
  type: (type) => `${type}/`,
  instance: (type) => `${type}/$id/`,
};

/** The routes of an operation: by POST, and by GET where that changes nothing. */
export function routesOf(operation: Operation): Route[] {
  const { name, levels, types, changesState } = operation;
  const methods = changesState ? (['POST'] as const) : (['GET', 'POST'] as const);
  const paths = levels.flatMap((level) =>
    (level === 'system' ? [''] : types === 'all' ? ['$type'] : types).map(
      (type) => `${PATHS[level](type)}$${name}`,
    ),
  );
  return paths.flatMap((path) =>
    methods.map((method): Route => ({
      method,
      path,
      interaction: 'operation',
      operation: name,
      changesState,
      handler: async (request, services) =>
        operation.run(request, givenParameters(operation, request), services),
    })),
  );
}
