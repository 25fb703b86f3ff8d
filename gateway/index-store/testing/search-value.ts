import type { TypedValue } from '@medplum/core';

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const escaped = (value: string): string => value.replaceAll(/[\\,$|]/g, '\\$&');

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : isFields(value) ? [value] : [];
}

function firstText(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    const found = text(Array.isArray(value) ? value[0] : value);
    if (found !== undefined) return escaped(found);
  }
  return undefined;
}

function tokenOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return escaped(value);
  if (!isFields(value)) return undefined;
  const [coding] = list(value['coding']);
  const from = coding ?? value;
  const code = text(from['code']) ?? text(from['value']);
  const system = text(from['system']);
  if (code === undefined) return undefined;
  // Of a ContactPoint the system is none of the token's.
  return /^(https?|urn):/.test(system ?? '') ? `${escaped(system ?? '')}|${escaped(code)}` : escaped(code);
}

function dateOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isFields(value)) return undefined;
  const start = text(value['start']);
  if (start !== undefined) return `ge${start}`;
  const end = text(value['end']);
  if (end !== undefined) return `le${end}`;
  const { event, repeat } = value;
  if (Array.isArray(event)) return text(event[0]);
  return isFields(repeat) ? dateOf(repeat['boundsPeriod']) : undefined;
}

function quantityOf(value: unknown): string | undefined {
  if (!isFields(value)) return undefined;
  const { value: amount, currency, comparator, system, code } = value;
  if (typeof amount !== 'number' || comparator !== undefined) return undefined;
  const unit = text(currency)
    ? `urn:iso:std:iso:4217|${String(currency)}`
    : `${text(system) ?? ''}|${text(code) ?? ''}`;
  return unit === '|' || unit.endsWith('|') ? String(amount) : `${String(amount)}|${unit}`;
}

function referenceOf(value: unknown): string | undefined {
  const reference = isFields(value) ? text(value['reference']) : text(value);
  return reference === undefined || reference.startsWith('#') ? undefined : reference;
}

/** What a client writes to find a resource by a value of it, from the specification's tables; undefined when none is plain. */
export function searchValue(type: string, { value }: TypedValue): string | undefined {
  switch (type) {
    case 'string': {
      if (!isFields(value)) return text(value) && escaped(String(value).slice(0, 40).trim());
      return firstText(value, ['family', 'given', 'text', 'city', 'line', 'country', 'postalCode', 'state']);
    }
    case 'token':
      return tokenOf(value);
    case 'date':
      return dateOf(value);
    case 'number':
      return typeof value === 'number' ? String(value) : undefined;
    case 'quantity':
      return quantityOf(value);
    case 'reference':
      return referenceOf(value);
    case 'uri':
      return text(value) && escaped(String(value));
    case 'special':
      return isFields(value) && typeof value['latitude'] === 'number'
        ? `${value['latitude']}|${String(value['longitude'])}|1|km`
        : undefined;
    default:
      return undefined;
  }
}
