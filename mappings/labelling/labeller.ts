import { CONFIDENTIALITY, typeRow } from '@fhir-fabric-gateway/chaincode/api';
import { ACT_CODE } from '../consent/codes.ts';
import { codingKey, isObject, objects, text, type Json, type Resource } from '../resource.ts';
import { DEFAULT_LABELS } from './default-table.ts';
import type { LabelRow, LabelTable } from './table.ts';

/** Security labels, `system|code`, that the codes in a resource bring; those that its author put on are left out. */
export type Labeller = (resource: Resource) => readonly string[];

/** The labels that an author, or a gateway at the write, put into meta.security, each `system|code`. */
export function labelsIn({ meta }: Resource): string[] {
  return isObject(meta) ? objects(meta['security']).map(codingKey) : [];
}

/** From the least confidential on. */
const RISING = ['U', 'L', 'M', 'N', 'R', 'V'].map((code) => CONFIDENTIALITY + code);

/** Every Coding anywhere in a value, as `system|code`, what is contained too; of meta the security labels alone. */
function* codingsIn(value: Json): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* codingsIn(item);
  } else if (isObject(value)) {
    if (text(value['code']) !== undefined && text(value['system']) !== undefined) yield codingKey(value);
    for (const [name, child] of Object.entries(value)) {
      if (name !== 'meta' && typeof child === 'object') yield* codingsIn(child);
      else if (name === 'meta' && isObject(child)) yield* codingsIn(child['security'] ?? null);
    }
  }
}

/** Finds the rows of a code: exactly, or by one of its beginnings. */
class Rows {
  readonly #exact = new Map<string, LabelRow[]>();
  readonly #beginnings = new Map<string, LabelRow[]>();
  readonly #lengths = new Map<string, Set<number>>();

  constructor({ rows }: LabelTable) {
    for (const row of rows) {
      for (const [system, codes] of Object.entries(row.codes))
        for (const code of codes) this.#add(system, code, row);
    }
  }

  #add(system: string, code: string, row: LabelRow): void {
    const isBeginning = code.endsWith('*');
    const key = `${system}|${isBeginning ? code.slice(0, -1) : code}`;
    const found = isBeginning ? this.#beginnings : this.#exact;
    found.set(key, [...(found.get(key) ?? []), row]);
    if (isBeginning)
      this.#lengths.set(system, (this.#lengths.get(system) ?? new Set()).add(key.length - system.length - 1));
  }

  *of(coding: string): Generator<LabelRow> {
    yield* this.#exact.get(coding) ?? [];
    const bar = coding.lastIndexOf('|');
    for (const length of this.#lengths.get(coding.slice(0, bar)) ?? []) {
      if (coding.length > bar + length) yield* this.#beginnings.get(coding.slice(0, bar + 1 + length)) ?? [];
    }
  }
}

/** Agreements name labels and bear none; what is in no record is judged by no rule. */
const isLabelled = (type: string): boolean => typeRow(type)?.homes[0] === 'patient' && type !== 'Consent';

/**
 * A security labelling service, as DS4P has it: whatever a resource says that the table knows brings its labels,
 * and the highest confidentiality among them, unless the author gave one as high.
 * https://build.fhir.org/ig/HL7/fhir-security-label-ds4p/
 */
export function createLabeller(table: LabelTable = DEFAULT_LABELS): Labeller {
  const rows = new Rows(table);
  return (resource) => {
    if (!isLabelled(resource.resourceType)) return [];
    const there = labelsIn(resource);
    const found = new Set<string>();
    let highest = -1;
    for (const coding of codingsIn(resource)) {
      for (const { labels, confidentiality } of rows.of(coding)) {
        for (const label of labels) found.add(`${ACT_CODE}|${label}`);
        highest = Math.max(highest, RISING.indexOf(CONFIDENTIALITY + confidentiality));
      }
    }
    const level = RISING[highest];
    if (level !== undefined && !there.some((label) => RISING.indexOf(label) >= highest)) found.add(level);
    return [...found].filter((label) => !there.includes(label)).sort();
  };
}

/** The resource with labels added to meta.security behind those that are there; the same one when there are none. */
export function withLabels(resource: Resource, labels: readonly string[]): Resource {
  if (labels.length === 0) return resource;
  const { meta } = resource;
  const kept = isObject(meta) ? meta : {};
  const added = labels.map((label) => {
    const bar = label.lastIndexOf('|');
    return { system: label.slice(0, bar), code: label.slice(bar + 1) };
  });
  const there = Array.isArray(kept['security']) ? kept['security'] : [];
  return { ...resource, meta: { ...kept, security: [...there, ...added] } };
}
