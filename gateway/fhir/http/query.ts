import { badRequest } from '../errors.ts';

const MAX_PARAMETERS = 500;

/** Query parameters in order, decoded. Throws 400 when an escape is malformed, or when there are too many. */
export function queryPairs(text: string): (readonly [name: string, value: string])[] {
  if (text === '') return [];
  const parts = text.split('&').filter((part) => part !== '');
  if (parts.length > MAX_PARAMETERS)
    throw badRequest(`More than ${MAX_PARAMETERS} parameters are not taken.`);
  return parts.map((part) => {
    const at = part.indexOf('=');
    const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    return [decode(name), decode(value)];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest('The query has a malformed escape.');
  }
}

/** The inverse of queryPairs. */
export function formatQuery(pairs: readonly (readonly [name: string, value: string])[]): string {
  return new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
}
