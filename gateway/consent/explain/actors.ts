import type { Requester } from '@fhir-fabric-gateway/chaincode/api';
import { everyRule, type Agreement } from './agreements.ts';

/** Somebody whom Consents concern, as a patient would say it, and as the rules see them. */
export interface ConcernedActor {
  kind: 'person' | 'people' | 'systems' | 'everyone';
  /** `Practitioner/2`, `Organization/5`; absent for everyone. */
  who?: string;
  requester: Requester;
}

/** Which organisation (MSP) keeps a directory entry, `Practitioner/2`; undefined when there is none. */
export type KeeperOf = (reference: string) => Promise<string | undefined>;

function partiesOf(agreements: readonly Agreement[]): string[] {
  const actors = [...everyRule(agreements)].flatMap((rule) => rule.actors ?? []);
  return [...new Set(actors.map((actor) => actor.split('|')[0] ?? ''))].sort();
}

/** Everyone who works here and is named by nobody: to them only what is not private is open. */
export const EVERYONE: ConcernedActor = { kind: 'everyone', requester: { role: 'doctor' } };

/**
 * Those whom the Consents name at any depth, each person with the organisation that keeps them among `known`: what is
 * granted to that is granted to them. Of an organisation its people and its systems, which a grant may tell apart.
 */
export async function actorsOf(
  agreements: readonly Agreement[],
  known: readonly Agreement[],
  keeperOf: KeeperOf,
): Promise<ConcernedActor[]> {
  const keepers = new Map<string, string>();
  for (const party of partiesOf(known)) {
    const keeper = party.startsWith('Organization/') ? await keeperOf(party) : undefined;
    if (keeper !== undefined) keepers.set(keeper, party);
  }
  const found: ConcernedActor[] = [];
  for (const who of partiesOf(agreements)) {
    if (who.startsWith('Organization/')) {
      found.push({ kind: 'people', who, requester: { role: 'doctor', organization: who } });
      found.push({ kind: 'systems', who, requester: { role: 'system', organization: who } });
      continue;
    }
    const organization = keepers.get((await keeperOf(who)) ?? '');
    const requester: Requester = {
      ...{ role: 'doctor', person: who },
      ...(organization !== undefined && { organization }),
    };
    found.push({ kind: 'person', who, requester });
  }
  return [...found, EVERYONE];
}
