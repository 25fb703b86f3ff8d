import { compileConsent } from '../consent/index.ts';
import { sectionOf } from '../record/index.ts';
import { isResource, objects, type Json, type JsonObject, type Resource } from '../resource.ts';
import { resourceToField } from './field-resources.ts';
import { fieldOfSection, isTextField, type ThesisRecord } from './fields.ts';
import { basicToRemainder } from './remainder.ts';

/** A Bundle says what a thesis record can't hold. */
export class ThesisRecordError extends Error {
  /** FHIRPath of the entry, `Bundle.entry[2].resource`. */
  readonly expression: string;
  constructor(expression: string, reason: string) {
    super(`${expression}: ${reason}`);
    this.name = 'ThesisRecordError';
    this.expression = expression;
  }
}

/** Members of the record that one resource tells, or undefined when none. */
function membersOf(resource: Resource): JsonObject | undefined {
  if (resource.resourceType === 'Basic') return basicToRemainder(resource);
  if (resource.resourceType === 'Consent') return membersOfConsent(resource);
  const field = fieldOfSection(sectionOf(resource));
  if (field === undefined || !isTextField(field)) return undefined;
  const value = resourceToField(field, resource);
  return value === undefined ? undefined : { [field]: value };
}

/** A Consent that says no more than the thesis can: a whole doctor, or one whole section that is not private. */
function membersOfConsent(consent: Resource): JsonObject | undefined {
  const compiled = compileConsent(consent);
  if (compiled.effect === 'privacy') {
    const { type: _type, sections = [], actions: _actions, ...conditions } = compiled.rule;
    const [section, second] = sections;
    const field = section && fieldOfSection(section);
    return field && !second && Object.keys(conditions).length === 0
      ? { [`${field}private`]: false }
      : undefined;
  }
  if (compiled.effect !== 'grant') return undefined;
  const [[grantee, rule] = [], second] = Object.entries(compiled.grants);
  if (!rule || second || rule.type !== 'permit' || !grantee?.startsWith('Practitioner/')) return undefined;
  const { type: _type, actors: _actors, ...conditions } = rule;
  if (Object.keys(conditions).length > 0) return undefined;
  return { doctorsWithpermission: [grantee.slice('Practitioner/'.length)] };
}

/**
 * The inverse of thesisRecordToBundle. Ids, meta and the kind of Bundle do not matter, nor does the order of entries but
 * for the doctors'. Throws a ThesisRecordError for a resource that the thesis's record has no room for: a narrower
 * Consent, a second Diagnosis, or a type that it does not have.
 */
export function bundleToThesisRecord(bundle: Resource): ThesisRecord {
  const members = new Map<string, Json>();
  objects(bundle['entry']).forEach(({ resource }, index) => {
    const expression = `Bundle.entry[${index}].resource`;
    if (!isResource(resource)) throw new ThesisRecordError(expression, 'no resource');
    const told = readMembers(resource, expression);
    for (const [member, value] of Object.entries(told)) {
      const before = members.get(member);
      if (member === 'doctorsWithpermission' && Array.isArray(before) && Array.isArray(value))
        before.push(...value);
      else if (before !== undefined) throw new ThesisRecordError(expression, `a second ${member}`);
      else members.set(member, value);
    }
  });
  return Object.fromEntries(members);
}

function readMembers(resource: Resource, expression: string): JsonObject {
  let members: JsonObject | undefined;
  try {
    members = membersOf(resource);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!members)
    throw new ThesisRecordError(expression, `a thesis record has no place for this ${resource.resourceType}`);
  return members;
}
