import { isDeepStrictEqual } from 'node:util';
import type { LedgerValue, Rule } from '@fhir-fabric-gateway/chaincode/api';
import { compileConsent, type CompiledConsent, type ConsentOptions } from '@fhir-fabric-gateway/mappings';
import { open } from '../content/envelope.ts';
import type { Resource } from '../fhir/resource.ts';
import type { ProjectorOptions } from './project-block.ts';

type Rules = Readonly<Record<string, Rule>>;

/** What the Consents that a transaction writes say, compiled again from their content: Consent id → effect. */
export function consentsOf(
  values: readonly LedgerValue[],
  options: ConsentOptions,
): Map<string, CompiledConsent | undefined> {
  const consents = new Map<string, CompiledConsent | undefined>();
  for (const value of values) {
    if (value.kind !== 'entry' || value.type !== 'Consent') continue;
    const { content } = value;
    consents.set(value.id, content && compiled(() => open(content), options));
  }
  return consents;
}

/** What a Consent compiles to; undefined for content that is none: it was written by somebody who may lie. */
function compiled(text: () => string, options: ConsentOptions): CompiledConsent | undefined {
  try {
    const consent = JSON.parse(text()) as Resource;
    return consent.resourceType === 'Consent' ? compileConsent(consent, options) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The rules of a grant (or of `privacy`) that its Consents really say; the others are refused by Consent id. A Consent
 * that this transaction does not write is looked up as it was.
 */
export async function checkGrants(
  patient: string,
  rules: Rules,
  grantee: string,
  consents: ReadonlyMap<string, CompiledConsent | undefined>,
  { index, policyUris }: ProjectorOptions,
): Promise<{ rules: Rules; refused: string[] }> {
  const kept: Record<string, Rule> = {};
  const refused: string[] = [];
  for (const [id, rule] of Object.entries(rules)) {
    let consent = consents.get(id);
    if (!consents.has(id)) {
      const stored = await index.get('Consent', id);
      consent =
        stored?.patient === patient && !stored.deleted
          ? compiled(() => new TextDecoder().decode(stored.content), { policyUris })
          : undefined;
    }
    if (isDeepStrictEqual(says(consent, grantee), rule)) kept[id] = rule;
    else refused.push(`Consent/${id}`);
  }
  return { rules: kept, refused };
}

function says(consent: CompiledConsent | undefined, grantee: string): Rule | undefined {
  if (consent?.effect === 'grant') return consent.grants[grantee];
  if (consent?.effect === 'privacy' && grantee === 'privacy') return consent.rule;
  return undefined;
}
