import { partiesOf } from '../references/party.ts';
import { valuesAt, type Resource } from '../resource.ts';

/** R4 has no `performer`, only `performerType`, which names a kind and no one; later versions of FHIR have it. */
const ELEMENTS = ['owner', 'requester', 'restriction.recipient', 'performer'];

/**
 * Whom a Task concerns: who is to do it, who asked for it and for whom it may be done, each `Practitioner/2` or
 * `Organization/5` of this server, once. `base` is this server's FHIR base without a slash at its end.
 * https://hl7.org/fhir/R4/task.html
 */
export function taskParties(task: Resource, base?: string): string[] {
  return partiesOf(
    ELEMENTS.flatMap((element) => valuesAt(task, element)),
    base,
  );
}
