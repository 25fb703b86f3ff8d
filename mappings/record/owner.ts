import { typeRow, type Home } from '@fhir-fabric-gateway/chaincode/api';
import { parseLiteral } from '../references/literal.ts';
import { isObject, objects, text, valuesAt, type JsonObject, type Resource } from '../resource.ts';
import { subjectRow } from './subjects.ts';

export interface OwnerOptions {
  /** This server's FHIR base without a slash at its end: absolute references under it are its own. */
  base?: string;
  /**
   * The id of the patient that owns the resource at a relative reference (`Observation/1`), for the types whose owner
   * is that of what they point at. It must answer undefined for what the caller may not see, or it tells of it.
   */
  resolve?: (reference: string) => string | undefined;
}

/** Why a resource can't be written. */
export interface RecordProblem {
  code: 'no-owner' | 'not-writable' | 'unknown-type';
  /** FHIRPath of the element. */
  expression: string;
  diagnostics: string;
}

export interface Owner {
  home: Home;
  /** Patient id. */
  patient?: string;
  problem?: RecordProblem;
}

/** What one reference of the owning element comes to. */
type Target = { patient: string } | 'other' | 'unknown';

function containedType(resource: Resource, id: string): string | undefined {
  const found = objects(resource['contained']).find((contained) => contained['id'] === id);
  return text(found?.['resourceType']);
}

function targetOf(
  reference: JsonObject,
  resource: Resource,
  via: 'patient' | 'resource',
  options: OwnerOptions,
): Target {
  const literal = text(reference['reference']);
  // An identifier or a display may describe a patient, but names no record.
  if (literal === undefined) return otherType(text(reference['type'])) ? 'other' : 'unknown';
  if (literal.startsWith('#'))
    return otherType(containedType(resource, literal.slice(1))) ? 'other' : 'unknown';
  const named = parseLiteral(literal, options.base);
  if (!named) return 'unknown';
  if (named.type === 'Patient') return named.local ? { patient: named.id } : 'unknown';
  if (via === 'resource') {
    const patient = named.local ? options.resolve?.(`${named.type}/${named.id}`) : undefined;
    if (patient !== undefined) return { patient };
    return typeRow(named.type)?.homes[0] === 'patient' ? 'unknown' : 'other';
  }
  return otherType(named.type) ? 'other' : 'unknown';
}

function otherType(type: string | undefined): boolean {
  return type !== undefined && type !== 'Patient' && typeRow(type) !== undefined;
}

/**
 * Whose record a resource belongs to: the patient that its subject element names, and no other element. Several
 * patients there, or none that can be found: `no-owner`. A subject of another type, and the few types that may do
 * without: home `attached`.
 */
export function ownerOf(resource: Resource, options: OwnerOptions = {}): Owner {
  const type = resource.resourceType;
  const row = typeRow(type);
  if (!row) {
    return {
      home: 'definitional',
      problem: {
        code: 'unknown-type',
        expression: 'resourceType',
        diagnostics: 'R4 has no such resource type.',
      },
    };
  }
  const [home] = row.homes;
  if (home !== 'patient') return { home };
  if (type === 'Patient') {
    const id = text(resource['id']);
    if (id !== undefined) return { home, patient: id };
    return noOwner('Patient.id', 'A Patient is the owner of its record by its id, and this one has none.');
  }
  const subject = subjectRow(type);
  if (!subject) throw new RangeError(`no subject element for ${type}`);
  const expression = `${type}.${subject.element}`;
  const targets = valuesAt(resource, subject.element)
    .filter(isObject)
    .map((reference) => targetOf(reference, resource, subject.via, options));
  const patients = new Set(targets.flatMap((target) => (typeof target === 'object' ? [target.patient] : [])));
  const [patient] = patients;
  if (patients.size > 1)
    return noOwner(expression, 'Names several patients; a resource belongs to one record.');
  if (patient !== undefined) return { home, patient };
  if (targets.length === 0 && !subject.optional) return noOwner(expression, 'Names no patient.');
  if (targets.includes('unknown')) {
    return noOwner(
      expression,
      'Names no patient of this server: a literal reference, Patient/<id>, is needed.',
    );
  }
  // An appointment among professionals would be a patient's visit that no patient sees.
  if (type === 'Appointment') return noOwner(expression, 'One participant must be the patient.');
  if (row.homes.includes('attached')) return { home: 'attached' };
  return noOwner(expression, 'Must be a patient.');
}

function noOwner(expression: string, diagnostics: string): Owner {
  return { home: 'patient', problem: { code: 'no-owner', expression, diagnostics } };
}
