import { evaluateRules, RESOURCE_TYPES, SECTIONS, typeRow } from '../api/index.ts';
import type { Action, Permissions, Requester, Role, Rule, Section, Verdict } from '../api/index.ts';
import type { Caller } from './caller.ts';
import { writesSection } from './writing.ts';

const ACTIONS: readonly Action[] = ['access', 'correct'];

const typesOf = new Map<Section, string[]>(
  SECTIONS.map((section) => [
    section,
    RESOURCE_TYPES.filter((type) => typeRow(type)?.sections.includes(section)),
  ]),
);

/** Who may ask what a grantee is permitted: the patient, and the grantee. */
export const mayAskPermissions = (caller: Caller, patient: string, grantee: string): boolean => {
  if (caller.role === 'patient') return caller.fhirUser === `Patient/${patient}`;
  if (caller.role !== 'doctor' && caller.role !== 'lab' && caller.role !== 'system') return false;
  return grantee === caller.fhirUser || grantee === caller.organization;
};

export interface PermissionsRequest {
  requester: Requester;
  role: Role;
  grants: readonly Rule[];
  /** What is not private: for reading only, and for doctors and labs. */
  privacy: readonly Rule[];
  purpose: string;
  now: number;
}

/**
 * What the rules let someone do in each section: an action that is permitted for at least one of the section's types,
 * and that the role can have at all. Labels and dates are not judged. Never in `consent`: no rule opens that section,
 * of which a grantee sees the Consents that name it and no others.
 */
export function permissionsOf({
  requester,
  role,
  grants,
  privacy,
  purpose,
  now,
}: PermissionsRequest): Permissions {
  const notPrivate = role === 'doctor' || role === 'lab' ? privacy : [];
  const says = (rules: readonly Rule[], type: string, section: Section, action: Action): Verdict =>
    evaluateRules(rules, {
      ...{ requester, action, purpose, now, type, section },
      ...{ labels: [], date: undefined },
    });
  const permitted = (section: Section, action: Action): boolean =>
    (typesOf.get(section) ?? []).some((type) => {
      const granted = says(grants, type, section, action);
      if (action === 'correct') return writesSection(role, type, section) && granted === 'permit';
      return granted === 'none' ? says(notPrivate, type, section, action) === 'permit' : granted === 'permit';
    });
  const result: Permissions = {};
  for (const section of SECTIONS) {
    if (section === 'consent') continue;
    const actions = ACTIONS.filter((action) => permitted(section, action));
    if (actions.length > 0) result[section] = actions;
  }
  return result;
}
