import type { Column, Table } from '../bench/report/table.ts';
import type { Mutant } from './mutants.ts';
import { nameOneElement } from './same-element.ts';
import type { Verdict } from './validators.ts';

/** What both validators said of a resource. */
export interface Judged<T> {
  what: T;
  hl7: Verdict;
  gateway: Verdict;
}

const accepts = (verdict: Verdict): boolean => verdict.length === 0;

export function exampleTable(judged: readonly Judged<{ source: string }>[]): Table {
  const rows = [...Map.groupBy(judged, ({ what }) => what.source)].map(([source, some]) => ({
    source,
    examples: some.length,
    hl7: some.filter(({ hl7 }) => accepts(hl7)).length,
    both: some.filter(({ hl7, gateway }) => accepts(hl7) && accepts(gateway)).length,
    gateway: some.filter(({ hl7, gateway }) => !accepts(hl7) && accepts(gateway)).length,
  }));
  return {
    title: 'Examples',
    columns: [
      { key: 'source', title: 'examples of' },
      { key: 'examples', title: 'number' },
      { key: 'hl7', title: 'HL7 accepts' },
      { key: 'both', title: 'of these the gateway accepts' },
      { key: 'gateway', title: 'the gateway accepts what HL7 does not' },
    ],
    rows,
  };
}

const MUTANT_COLUMNS: readonly Column[] = [
  { key: 'kind', title: 'broken by' },
  { key: 'cases', title: 'cases' },
  { key: 'errors', title: 'HL7: error' },
  { key: 'refused', title: 'the gateway refuses, %', decimals: 1 },
  { key: 'named', title: 'and names the element, %', decimals: 1 },
  { key: 'more', title: 'refused by the gateway alone' },
];

export function mutantTable(judged: readonly Judged<Mutant>[], choices: ReadonlySet<string>): Table {
  const row = (kind: string, some: readonly Judged<Mutant>[]) => {
    const errors = some.filter(({ hl7 }) => !accepts(hl7));
    const refused = errors.filter(({ gateway }) => !accepts(gateway));
    const named = refused.filter(({ hl7, gateway }) => nameOneElement(hl7, gateway, choices));
    return {
      kind,
      cases: some.length,
      errors: errors.length,
      refused: (100 * refused.length) / errors.length,
      named: (100 * named.length) / errors.length,
      more: some.filter(({ hl7, gateway }) => accepts(hl7) && !accepts(gateway)).length,
    };
  };
  return {
    title: 'Mutations',
    columns: MUTANT_COLUMNS,
    rows: [
      ...[...Map.groupBy(judged, ({ what }) => what.kind)].map(([kind, some]) => row(kind, some)),
      row('all', judged),
    ],
  };
}
