import type { Resource } from '../resource.ts';
import { consentOf } from './from-rules.ts';

/**
 * The Consent that opening a record creates, so that the organisation's systems can go on filling it: the patient sees
 * it and can revoke it. `patient` is a Patient id, `organization` a reference (`Organization/5`).
 */
export function firstGrant(about: { patient: string; organization: string; dateTime: string }): Resource {
  return consentOf({ type: 'permit', actors: [`${about.organization}|CST`] }, about);
}
