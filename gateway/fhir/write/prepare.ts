import type { EntryWrite } from '@fhir-fabric-gateway/chaincode/api';
import {
  classify,
  compileConsent,
  labelsIn,
  relativeReferences,
  withLabels,
  type Classification,
  type CompiledConsent,
} from '@fhir-fabric-gateway/mappings';
import { seal } from '../../content/envelope.ts';
import { ledgerText } from '../../content/resource-text.ts';
import type { Services } from '../../services.ts';
import { FhirError } from '../errors.ts';
import type { RequestBody } from '../request.ts';
import { mapBody, withId } from './draft.ts';

/** A resource that is ready to be written, but for who may. */
export interface PreparedWrite {
  type: string;
  id: string;
  /** Its references to this server are relative (docs/adr/0012). */
  body: RequestBody;
  classification: Classification;
  /** For a Consent: what it does on the ledger. */
  consent?: CompiledConsent;
  entry: EntryWrite;
}

const MAX_LABELS = 100;
const MAX_LABEL = 512;
const MAX_GRANTEES = 100;

/** Finds the Patient id of what a reference points at: needed for resources whose owner is their target's. */
export type ResolveOwner = (reference: string) => string | undefined;

/**
 * Finds the resource's home, owner and section, compiles a Consent, and packs the content for the ledger: everything that
 * is written passes here. Labels that its codes bring are put on (docs/adr/0025). References under the own base become relative: on the ledger they mean the same to everyone.
 * Throws 422, naming the element, when no owner can be found or a Consent says what cannot be enforced.
 */
export function prepareWrite(
  given: RequestBody,
  id: string,
  services: Pick<Services, 'fhirBase' | 'policyUris' | 'labeller'>,
  resolveOwner?: ResolveOwner,
): PreparedWrite {
  const { fhirBase, labeller } = services;
  const labels = labeller(given.resource);
  const body = mapBody(given, (one) => withLabels(relativeReferences(one, fhirBase), labels));
  const resource = withId(body.resource, id);
  const type = resource.resourceType;
  const classification = classify(resource, { labeller, ...(resolveOwner && { resolve: resolveOwner }) });
  if (classification.problem) {
    const { expression, diagnostics } = classification.problem;
    throw new FhirError(422, { code: 'business-rule', diagnostics, expression: [expression] });
  }
  if (classification.home === 'definitional') {
    throw new FhirError(403, { code: 'forbidden', diagnostics: `${type} is loaded by the operator.` });
  }
  if (
    classification.home !== 'patient' &&
    classification.home !== 'attached' &&
    classification.facets.length > 1
  ) {
    throw new FhirError(422, {
      code: 'business-rule',
      diagnostics: `A ${type} is shared: it must not contain what belongs in a patient's record.`,
      expression: [`${type}.contained`],
    });
  }
  assertWithinLimits(classification);
  const consent =
    type === 'Consent' ? compileConsent(resource, { policyUris: services.policyUris }) : undefined;
  if (consent?.effect === 'problems') {
    throw new FhirError(
      422,
      consent.problems.map(({ expression, diagnostics }) => ({
        code: 'not-supported',
        diagnostics,
        expression: [expression],
      })),
    );
  }
  if (consent?.effect === 'grant' && Object.keys(consent.grants).length > MAX_GRANTEES) {
    throw new FhirError(422, {
      code: 'too-long',
      diagnostics: `A Consent names at most ${MAX_GRANTEES} actors.`,
      expression: ['Consent.provision.actor'],
    });
  }
  const [own] = classification.facets;
  const onLedger = labelsIn(resource);
  const { enc, kid, data } = seal(ledgerText(body.exact ?? body.resource));
  const entry: EntryWrite = {
    type,
    id,
    home: classification.home,
    ...(classification.home === 'patient' &&
      classification.patient !== undefined && { patient: classification.patient }),
    ...(classification.home === 'patient' && own && { section: own.section }),
    ...(onLedger.length > 0 && { labels: onLedger }),
    enc,
    kid,
    content: data,
  };
  return { type, id, body, classification, entry, ...(consent && { consent }) };
}

/** What the ledger takes of labels (chaincode/api, EntryWrite). Throws 422. */
function assertWithinLimits({ facets }: Classification): void {
  const labels = facets[0]?.labels ?? [];
  if (labels.length <= MAX_LABELS && labels.every((label) => label.length <= MAX_LABEL)) return;
  throw new FhirError(422, {
    code: 'too-long',
    diagnostics: `A resource has at most ${MAX_LABELS} security labels, of ${MAX_LABEL} characters with their system.`,
    expression: ['Resource.meta.security'],
  });
}
