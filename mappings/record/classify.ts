import { typeRow, type Home, type Section, type Span } from '@fhir-fabric-gateway/chaincode/api';
import { labelsIn, type Labeller } from '../labelling/labeller.ts';
import { isObject, isResource, type Json, type Resource } from '../resource.ts';
import { clinicalDate } from './dates.ts';
import { ownerOf, type OwnerOptions, type RecordProblem } from './owner.ts';
import { sectionOf } from './sections.ts';
import { subjectRow } from './subjects.ts';

/** What access rules look at. */
export interface Facet {
  type: string;
  /** `other`, and of no meaning, when the resource is not in a patient's record. */
  section: Section;
  /** meta.security, and what a labeller adds, each `system|code`. */
  labels: readonly string[];
  /** Clinical date. */
  date: Span | null;
}

export interface Classification {
  home: Home;
  /** Patient id, when the home is `patient` and there is no problem. */
  patient?: string;
  /** The resource's own, then one for each resource contained in it, at any depth, that is of a patient's record. */
  facets: readonly Facet[];
  /** The resource must not be written: 422. */
  problem?: RecordProblem;
}

export interface ClassifyOptions extends OwnerOptions {
  /** Labels that rules look at besides those of meta.security, of the resource and of each that it contains. */
  labeller?: Labeller;
}

function facetOf(resource: Resource, labeller: Labeller | undefined): Facet {
  const added = labeller?.(resource) ?? [];
  return {
    type: resource.resourceType,
    section: sectionOf(resource),
    labels: added.length === 0 ? labelsIn(resource) : [...labelsIn(resource), ...added],
    date: clinicalDate(resource),
  };
}

/** Every resource inside a value, those in contained Bundles and Parameters too. */
function* resourcesIn(value: Json | undefined): Generator<Resource> {
  if (Array.isArray(value)) {
    for (const item of value) yield* resourcesIn(item);
  } else if (isObject(value)) {
    if (isResource(value)) yield value;
    for (const child of Object.values(value)) yield* resourcesIn(child);
  }
}

/** Equipment and the like, of which the organisation owns what names no patient, say nothing of a patient. */
function ofARecord(contained: Resource): boolean {
  if (typeRow(contained.resourceType)?.homes[0] !== 'patient') return false;
  const row = subjectRow(contained.resourceType);
  return !row?.optional || contained[row.element.split('.')[0] ?? ''] !== undefined;
}

/**
 * Says where a resource lives, whose it is, and what rules look at. Never throws: what can't be written has a
 * `problem`. The resource may be unvalidated; an id is needed for Patient only.
 */
export function classify(resource: Resource, options: ClassifyOptions = {}): Classification {
  const contained = [...resourcesIn(resource['contained'])].filter(ofARecord);
  const facets = [resource, ...contained].map((one) => facetOf(one, options.labeller));
  const owner = ownerOf(resource, options);
  if (resource.resourceType !== 'AuditEvent') return { ...owner, facets };
  return {
    ...owner,
    facets,
    problem: {
      code: 'not-writable',
      expression: 'AuditEvent',
      diagnostics: 'AuditEvents are written by the server alone.',
    },
  };
}
