import { SearchValueError, splitValue, unescapeValue } from '@fhir-fabric-gateway/mappings';
import { malformed } from './condition.ts';

/** Reads the alternatives of a value, which commas separate. Throws 400 naming the parameter. */
export function alternatives<T>(
  { name, value }: { name: string; value: string },
  parse: (piece: string) => T,
): T[] {
  try {
    return splitValue(value, ',').map(parse);
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
