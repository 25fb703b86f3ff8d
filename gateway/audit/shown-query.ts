import { typeRow } from '@fhir-fabric-gateway/chaincode/api';
import type { AuditRow } from './row.ts';
import type { AuditViewer } from './viewer.ts';

/** Parameters whose values are codes, dates or form, and so tell nothing of another person. */
const PLAIN = new Set(
  `category class clinical-status code combo-code component-code date effective intent issued modality onset-date
   occurrence performed period priority recorded-date section status type vaccine-code verification-status
   _count _elements _include _lastUpdated _pretty _format _revinclude _since _sort _summary _total _type`.split(
    /\s+/,
  ),
);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/**
 * A search as a patient may see it who was disclosed by it. The same search may have named others (`patient=1,9`), so
 * of the values of all but plain parameters only those stay that name this patient; `*` stands for each other.
 */
export function queryShownTo(patient: string, query: string): string {
  const names = new Set([patient, `Patient/${patient}`]);
  const isOwn = (value: string): boolean => names.has(value) || value.endsWith(`/Patient/${patient}`);
  const mark = query.indexOf('?');
  const path = decoded(mark < 0 ? query : query.slice(0, mark)).replace(
    /Patient\/([^/]+)/g,
    (text, id: string) => (id === patient || id === '_search' ? text : 'Patient/*'),
  );
  if (mark < 0) return path;
  const parameters = query
    .slice(mark + 1)
    .split('&')
    .map((parameter) => {
      const equals = parameter.indexOf('=');
      const name = equals < 0 ? parameter : parameter.slice(0, equals);
      if (equals < 0 || PLAIN.has(decoded(name).replace(/:[a-z-]+$/, ''))) return parameter;
      const values = parameter.slice(equals + 1).split(/,|%2C/i);
      return `${name}=${values.map((value) => (isOwn(decoded(value)) ? value : '*')).join(',')}`;
    });
  return `${path}?${parameters.join('&')}`;
}

/**
 * A search as HR may see it when somebody else sent it: the type that was searched, since what was looked for tells of a
 * patient even where nothing was found. Null when all types were.
 */
export function queryShownToHr(query: string): string | null {
  const [path = ''] = query.split('?');
  return path.split('/').findLast((part) => typeRow(part) !== undefined) ?? null;
}

/** The query of a row as far as the viewer may see it: the own ones whole. */
export function queryFor(
  viewer: AuditViewer,
  query: string,
  by: Pick<AuditRow, 'mspId' | 'pseudonym'>,
): string | null {
  if (viewer.kind === 'patient') return queryShownTo(viewer.patient, query);
  const { mspId, pseudonym } = viewer.identity;
  const own = by.mspId === mspId && by.pseudonym === pseudonym;
  return own || viewer.kind !== 'hr' ? query : queryShownToHr(query);
}
