import { SECTION_SYSTEM, type Rule, type Span } from '@fhir-fabric-gateway/chaincode/api';
import type { JsonObject, Resource } from '../resource.ts';
import { granteeOf } from './actors.ts';
import {
  ACT_CODE,
  ACT_REASON,
  CONSENT_ACTION,
  CONSENT_SCOPE,
  LOINC,
  PARTICIPATION_TYPE,
  RESOURCE_TYPE_SYSTEM,
} from './codes.ts';
import type { CompiledConsent } from './compile.ts';

const concept = (system: string, code: string): JsonObject => ({ coding: [{ system, code }] });

function actor(name: string): JsonObject {
  const party = granteeOf(name);
  const role = party === name ? 'IRCP' : name.slice(party.length + 1);
  return { role: concept(PARTICIPATION_TYPE, role), reference: { reference: party } };
}

function period([from, to]: Span): JsonObject {
  return {
    ...(from !== null && { start: new Date(from).toISOString() }),
    ...(to !== null && { end: new Date(to).toISOString() }),
  };
}

function label(key: string): JsonObject {
  // A code has no bar in it; a system may.
  const bar = key.lastIndexOf('|');
  return { ...(bar > 0 && { system: key.slice(0, bar) }), code: key.slice(bar + 1) };
}

/** A rule as a provision: the inverse of compileProvision. */
export function provisionOf(rule: Rule): JsonObject {
  return {
    type: rule.type,
    ...(rule.period && { period: period(rule.period) }),
    ...(rule.actors && { actor: rule.actors.map(actor) }),
    ...(rule.actions && { action: rule.actions.map((code) => concept(CONSENT_ACTION, code)) }),
    ...(rule.labels && { securityLabel: rule.labels.map(label) }),
    ...(rule.purposes && { purpose: rule.purposes.map((code) => ({ system: ACT_REASON, code })) }),
    ...(rule.classes && { class: rule.classes.map((code) => ({ system: RESOURCE_TYPE_SYSTEM, code })) }),
    ...(rule.sections && { code: rule.sections.map((code) => concept(SECTION_SYSTEM, code)) }),
    ...(rule.dataPeriod && { dataPeriod: period(rule.dataPeriod) }),
    ...(rule.rules && { provision: rule.rules.map(provisionOf) }),
  };
}

/** An active Consent of scope patient-privacy around one rule. `patient` is a Patient id, `dateTime` a FHIR dateTime. */
export function consentOf(rule: Rule, about: { patient: string; dateTime: string }): Resource {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: concept(CONSENT_SCOPE, 'patient-privacy'),
    category: [concept(LOINC, '59284-0')],
    patient: { reference: `Patient/${about.patient}` },
    dateTime: about.dateTime,
    policyRule: concept(ACT_CODE, 'OPTIN'),
    provision: provisionOf(rule),
  };
}

/** The Consent that compiles to what is given; all its grants have one rule, since a Consent has one root provision. */
export function rulesToConsent(
  compiled: Extract<CompiledConsent, { effect: 'grant' | 'privacy' }>,
  about: { patient: string; dateTime: string },
): Resource {
  const rule = compiled.effect === 'privacy' ? compiled.rule : Object.values(compiled.grants)[0];
  if (!rule) throw new RangeError('a grant has a grantee');
  return consentOf(rule, about);
}
