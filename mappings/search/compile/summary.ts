import type { PropertyRow, SummaryTable } from '../../summary/table.ts';
import type { Definitions, ElementDefinition } from './definitions.ts';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const isPrimitive = (type: string): boolean => /^[a-z]/.test(type) || type.startsWith('http:');

/** What is below an element: the name of its type, of its own structure, or nothing that could be left out. */
function below({ path, contentReference }: ElementDefinition, type: string): string | undefined {
  if (contentReference !== undefined) return contentReference.slice(contentReference.indexOf('#') + 1);
  if (type === 'BackboneElement' || type === 'Element') return path;
  // Of an extension nothing is part of a summary, but its meaning is in its value.
  return isPrimitive(type) || ['Extension', 'Resource', 'Narrative'].includes(type) ? undefined : type;
}

/** The JSON properties of an element, one for each type of a choice. */
function propertiesOf(element: ElementDefinition): PropertyRow[] {
  const { path, min = 0, isModifier, isSummary, type = [] } = element;
  const name = path.slice(path.lastIndexOf('.') + 1);
  const plain = name.replace('[x]', '');
  const codes = type.length === 0 ? ['Element'] : type.map(({ code }) => code);
  return codes.map((code): PropertyRow => {
    const of = below(element, code);
    return {
      property: plain === name ? name : plain + capital(code),
      ...(plain !== name && { element: plain }),
      ...(of !== undefined && { of }),
      ...(isSummary === true && { summary: true }),
      ...(min > 0 && { mandatory: true }),
      ...(isModifier === true && { modifier: true }),
    };
  });
}

/** What decides which elements a summary keeps, of all resource and data types; elements that it never keeps are absent. */
export function compileSummary({ structures }: Definitions): SummaryTable {
  const table: Record<string, PropertyRow[]> = {};
  for (const { snapshot } of structures) {
    for (const element of snapshot.element) {
      const end = element.path.lastIndexOf('.');
      if (end < 0) continue;
      const rows = propertiesOf(element).filter(
        ({ summary, mandatory, modifier, element: choice }) =>
          summary === true || mandatory === true || modifier === true || choice !== undefined,
      );
      if (rows.length > 0) (table[element.path.slice(0, end)] ??= []).push(...rows);
    }
  }
  return table;
}
