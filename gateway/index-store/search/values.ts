import { SearchValueError, splitValue, unescapeValue } from '@fhir-fabric-gateway/mappings';
import { malformed } from './condition.ts';

/** More alternatives than anyone writes by hand. */
const MOST_ALTERNATIVES = 500;

/** Reads the alternatives of a value, which commas separate. Throws 400 naming the parameter. */
export function alternatives<T>(
  { name, value }: { name: string; value: string },
  parse: (piece: string) => T,
): T[] {
  const pieces = splitValue(value, ',');
  if (pieces.length > MOST_ALTERNATIVES) throw malformed(name, `At most ${MOST_ALTERNATIVES} alternatives.`);
  try {
    return pieces.map(parse);
  } catch (error) {
    if (error instanceof SearchValueError) throw malformed(name, error.message);
    throw error;
  }
}

/** A piece that stands for itself. */
export function plainText(piece: string): string {
  const text = unescapeValue(piece);
  if (text === '') throw new SearchValueError('The value is empty');
  return text;
}
