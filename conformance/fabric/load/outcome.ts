import { setTimeout as delay } from 'node:timers/promises';
import type { Resource } from '../../clients/resource.ts';
import type { Caller } from '../people/caller.ts';
import { fateOf, observationOf, type Attempt, type Fate } from './attempt.ts';

type Found = Resource & { id: string };

/** How often, and how far apart in milliseconds, it is looked at a gateway that may be some blocks behind another. */
const LOOKS = 20;
const PAUSE = 1000;

/**
 * What is wrong with what the caller's gateway holds of a run's writes, a line each: what was answered with success is
 * not there, or not once, or not as it was written; or what was refused is.
 */
export async function whatIsWrong(
  caller: Caller,
  system: string,
  patients: readonly string[],
  attempts: readonly Attempt[],
): Promise<readonly string[]> {
  for (let look = 1; ; look += 1) {
    const wrong = faultsIn(attempts, await holdings(caller, system, patients), system);
    if (wrong.length === 0 || look === LOOKS) return wrong;
    await delay(PAUSE);
  }
}

/** What a gateway holds of a run's writes: resources by the identifier that was given to each. */
async function holdings(
  caller: Caller,
  system: string,
  patients: readonly string[],
): Promise<Map<string, Found[]>> {
  const found = new Map<string, Found[]>();
  for (const patient of patients) {
    const query = new URLSearchParams({
      patient: `Patient/${patient}`,
      identifier: `${system}|`,
      _count: '500',
    });
    for (const resource of await caller.find(`Observation?${query.toString()}`)) {
      const identifier = identifierOf(resource);
      found.set(identifier, [...(found.get(identifier) ?? []), resource]);
    }
  }
  return found;
}

function identifierOf(resource: Resource): string {
  const [identifier] = resource['identifier'] as { value: string }[];
  return identifier?.value ?? '';
}

/** How often a write of each fate may be there: what was refused, nowhere; what was answered with success, once. */
const MAY_BE_THERE: Readonly<Record<Fate, readonly number[]>> = {
  created: [1],
  accepted: [0, 1],
  unavailable: [0],
  unanswered: [0, 1],
  other: [0],
};

/** What is wrong with what a gateway holds of these writes, a line each. */
function faultsIn(
  attempts: readonly Attempt[],
  held: ReadonlyMap<string, readonly Found[]>,
  system: string,
): string[] {
  return attempts.flatMap((attempt) => {
    const there = held.get(attempt.identifier) ?? [];
    const fate = fateOf(attempt);
    const name = `${attempt.identifier} of ${attempt.author}, ${fate}`;
    if (!MAY_BE_THERE[fate].includes(there.length)) return [`${name}: there ${there.length} times`];
    return there.flatMap((one) => differences(attempt, one, system).map((what) => `${name}: ${what}`));
  });
}

/** What a resource has otherwise than it was written, once. */
function differences(attempt: Attempt, found: Found, system: string): string[] {
  const { id, meta, ...content } = found;
  const wrong: string[] = [];
  const written = observationOf(system, attempt);
  const subject = (content['subject'] as { reference: string }).reference;
  if (!subject.endsWith(`Patient/${attempt.patient}`)) wrong.push(`it is about ${subject}`);
  for (const name of ['status', 'code', 'identifier', 'category', 'effectiveDateTime', 'valueQuantity'])
    if (JSON.stringify(content[name]) !== JSON.stringify(written[name])) wrong.push(`${name} is another`);
  const { versionId } = meta as { versionId: string };
  if (versionId !== '1') wrong.push(`it is in version ${versionId}`);
  if (attempt.location !== undefined && !attempt.location.split('/').includes(id))
    wrong.push(`it is ${id}, and its Location said ${attempt.location}`);
  return wrong;
}
