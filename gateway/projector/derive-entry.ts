import { isDeepStrictEqual } from 'node:util';
import type { EntryValue } from '@fhir-fabric-gateway/chaincode/api';
import {
  classify,
  compileConsent,
  consentParties,
  extractIndexed,
  labelsIn,
  linkedResources,
  type Classification,
  type Labeller,
} from '@fhir-fabric-gateway/mappings';
import { open } from '../content/envelope.ts';
import { ledgerText, servedText } from '../content/resource-text.ts';
import { parseJson } from '../fhir/json/parse.ts';
import type { Resource } from '../fhir/resource.ts';
import type { EntryProjection } from '../index-store/port.ts';
import { Contradiction } from './contradiction.ts';

export interface EntryPlace {
  block: number;
  txId: string;
  transaction: number;
}

/** What a resource is judged with besides itself. */
export interface DeriveOptions {
  /** For the index alone: what searches by an absolute URL under it will find. */
  fhirBase: string;
  policyUris: readonly string[];
  /** The Patient id of a resource that is referred to; undefined when it is not known here. */
  resolve: (reference: string) => string | undefined;
  /** Labels that this gateway's rules look at besides those in the content, whoever wrote it. */
  labeller: Labeller;
}

const encoder = new TextEncoder();

/**
 * Everything that the index keeps of an entry, derived again from its content, which means the same to every organisation:
 * no gateway's base makes an absolute reference its own. Throws a Contradiction, whatever is wrong
 * with the content: it was written by somebody who may lie.
 */
export function deriveEntry(entry: EntryValue, place: EntryPlace, options: DeriveOptions): EntryProjection {
  try {
    return derive(entry, place, options);
  } catch (error) {
    if (error instanceof Contradiction) throw error;
    throw new Contradiction('its content cannot be understood');
  }
}

function derive(entry: EntryValue, place: EntryPlace, options: DeriveOptions): EntryProjection {
  const { fhirBase, resolve, labeller } = options;
  const { type, id, version, home, patient, organisation, author, time, command } = entry;
  const common = {
    type,
    id,
    version,
    home,
    organisation,
    author,
    lastUpdated: time,
    command,
    ...place,
    ...(patient !== undefined && { patient }),
  };
  if (!entry.content)
    return { ...common, deleted: true, facets: [], content: new Uint8Array(0), indexed: [] };

  const { text, resource } = contentOf(entry, entry.content);
  const classification = classify(resource, { resolve, labeller });
  assertMatches(entry, resource, classification);
  if (type === 'Consent') assertInForce(entry, resource, options);
  return {
    ...common,
    deleted: false,
    facets: home === 'patient' ? classification.facets : [],
    content: encoder.encode(servedText(type, text, { id, version, lastUpdated: time })),
    indexed: extractIndexed(resource, { baseUrl: fhirBase }),
    refersTo: linkedResources(resource),
    ...(type === 'Consent' && { parties: consentParties(resource) }),
  };
}

/** The content, in the one form in which it is written: what is spliced when it is served must be what was judged. */
function contentOf(
  { type, id }: EntryValue,
  content: NonNullable<EntryValue['content']>,
): { text: string; resource: Resource } {
  const text = open(content);
  const { resource, exact } = parseJson(encoder.encode(text));
  if (resource['resourceType'] !== type) throw new Contradiction('its content is of another type');
  if (ledgerText((exact ?? resource) as Resource) !== text)
    throw new Contradiction('its content is in another form');
  return { text, resource: { ...resource, resourceType: type, id } };
}

/** What the ledger was told must be what the content says. */
function assertMatches(entry: EntryValue, resource: Resource, classification: Classification): void {
  if (classification.problem) throw new Contradiction(classification.problem.code);
  if (classification.home !== entry.home) throw new Contradiction('its home is another');
  if (entry.home !== 'patient') {
    if (isShared(entry.home) && classification.facets.length > 1)
      throw new Contradiction('it contains a record');
    return;
  }
  const [own] = classification.facets;
  if (classification.patient !== entry.patient) throw new Contradiction('its patient is another');
  if (own?.section !== entry.section) throw new Contradiction('its section is another');
  if (!isDeepStrictEqual(labelsIn(resource), entry.labels ?? []))
    throw new Contradiction('its labels are others');
}

/** Homes that many see: nothing of a patient's may be contained there. */
export const isShared = (home: string): boolean => home === 'directory' || home === 'administrative';

/** A Consent that says it is in force is, for those whom it names; one that does not say so is not. */
function assertInForce(entry: EntryValue, consent: Resource, { policyUris }: DeriveOptions): void {
  const compiled = compileConsent(consent, { policyUris });
  const says = compiled.effect === 'grant' ? Object.keys(compiled.grants).sort() : [];
  const inForce = [...(entry.grantees ?? [])].sort();
  const isPrivacy = compiled.effect === 'privacy';
  if (!isDeepStrictEqual(says, inForce) || isPrivacy !== (entry.privacy === true)) {
    throw new Contradiction('it says something else than what is in force');
  }
}
