import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { corrections, notEvaluated } from './corrections.ts';

const trimElement = ({
  id,
  path,
  min,
  max,
  base,
  type,
  contentReference,
  constraint,
}: ElementDefinition) => ({
  id,
  path,
  min,
  max,
  base,
  type: type?.map(({ code, extension }) => ({ code, extension })),
  contentReference,
  constraint: constraint
    ?.filter(({ key = '', severity }) => severity === 'error' && !notEvaluated.has(key))
    .map(({ key = '', severity, human, expression }) => ({
      key,
      severity,
      human,
      expression: corrections[key] ?? expression,
    })),
});

/** What validating takes of a StructureDefinition: a tenth of it, as JSON. */
export const trim = ({ resourceType, id, url, name, type, kind, snapshot }: StructureDefinition): string =>
  JSON.stringify({
    ...{ resourceType, id, url, name, type, kind },
    snapshot: { element: snapshot?.element?.map(trimElement) },
  });
