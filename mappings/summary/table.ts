import { readFileSync } from 'node:fs';

/** One JSON property of a resource, a data type or an element with elements of its own. */
export interface PropertyRow {
  property: string;
  /** Of a choice, `value` of `valueQuantity`: how the specification names the element. */
  element?: string;
  /** Where the table goes on below it; absent for what is kept whole. */
  of?: string;
  /** ElementDefinition.isSummary, min above 0, isModifier. */
  summary?: true;
  mandatory?: true;
  modifier?: true;
}

/** By the name of a type, or the path of an element: `Patient`, `HumanName`, `Patient.contact`. */
export type SummaryTable = Readonly<Record<string, readonly PropertyRow[]>>;

// Read when first asked for; it never changes while the process lives.
let table: SummaryTable | undefined;
const known = new Map<string, ReadonlyMap<string, PropertyRow>>();

function load(): SummaryTable {
  if (table !== undefined) return table;
  const file = new URL('../generated/summary-elements.json', import.meta.url);
  try {
    table = JSON.parse(readFileSync(file, 'utf8')) as SummaryTable;
  } catch (cause) {
    throw new Error('The table of summary elements has not been built: npm run build', { cause });
  }
  return table;
}

/** The properties of a type or element by name; empty for what there is not. */
export function propertiesOf(name: string): ReadonlyMap<string, PropertyRow> {
  const found = known.get(name);
  if (found !== undefined) return found;
  const all = load();
  const rows = Object.hasOwn(all, name) ? (all[name] ?? []) : [];
  const made = new Map(rows.map((row) => [row.property, row]));
  if (rows.length > 0) known.set(name, made);
  return made;
}
