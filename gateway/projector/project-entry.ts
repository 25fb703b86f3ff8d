import { isDeepStrictEqual } from 'node:util';
import type { EntryValue } from '@fhir-fabric-gateway/chaincode/api';
import {
  classify,
  consentParties,
  extractIndexed,
  linkedResources,
  type Classification,
} from '@fhir-fabric-gateway/mappings';
import { open } from '../content/envelope.ts';
import { servedText } from '../content/resource-text.ts';
import type { Resource } from '../fhir/resource.ts';
import type { EntryProjection, IndexTransaction } from '../index-store/port.ts';
import type { ProjectorOptions } from './project-block.ts';

export interface EntryPlace {
  block: number;
  txId: string;
  transaction: number;
}

const encoder = new TextEncoder();

/** Puts an entry into the index, or sets it aside when its content says something else than its metadata. */
export async function projectEntry(
  entry: EntryValue,
  place: EntryPlace,
  tx: IndexTransaction,
  options: ProjectorOptions,
): Promise<void> {
  try {
    await tx.putEntry(projectionOf(entry, place, options));
  } catch (error) {
    if (!(error instanceof Contradiction)) throw error;
    const { type, id, version } = entry;
    await tx.quarantine({ type, id, version, reason: error.message, block: place.block, txId: place.txId });
    options.alarm(`quarantined: ${error.message}`, {
      block: place.block,
      txId: place.txId,
      name: `${type}/${id}`,
    });
  }
}

class Contradiction extends Error {}

function projectionOf(entry: EntryValue, place: EntryPlace, { fhirBase }: ProjectorOptions): EntryProjection {
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

  const { text, resource } = contentOf(entry);
  const classification = classify(resource, { base: fhirBase, resolve: () => patient });
  assertMatches(entry, classification);
  return {
    ...common,
    deleted: false,
    facets: home === 'patient' ? classification.facets : [],
    content: encoder.encode(servedText(type, text, { id, version, lastUpdated: time })),
    indexed: extractIndexed(resource, { baseUrl: fhirBase }),
    refersTo: linkedResources(resource, fhirBase),
    ...(type === 'Consent' && { parties: consentParties(resource) }),
  };
}

function contentOf(entry: EntryValue): { text: string; resource: Resource } {
  if (!entry.content) throw new Contradiction('no content');
  let text: string;
  let resource: Resource;
  try {
    text = open(entry.content);
    resource = JSON.parse(text) as Resource;
  } catch {
    throw new Contradiction('its content cannot be opened');
  }
  if (resource.resourceType !== entry.type) throw new Contradiction('its content is of another type');
  return { text, resource: { ...resource, id: entry.id } };
}

/** What the ledger was told must be what the content says. */
function assertMatches(entry: EntryValue, classification: Classification): void {
  if (classification.problem) throw new Contradiction(classification.problem.code);
  if (classification.home !== entry.home) throw new Contradiction('its home is another');
  if (entry.home !== 'patient') return;
  const [own] = classification.facets;
  if (classification.patient !== entry.patient) throw new Contradiction('its patient is another');
  if (own?.section !== entry.section) throw new Contradiction('its section is another');
  if (!isDeepStrictEqual(own?.labels ?? [], entry.labels ?? []))
    throw new Contradiction('its labels are others');
}
