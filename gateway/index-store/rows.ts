import { labelsColumn, labelsOf } from './labels.ts';
import { asNumber, asText, type Row, type SqlValue } from './connection.ts';
import {
  EARLIEST,
  LATEST,
  STATE,
  clampTime,
  homeOfNumber,
  sectionNumber,
  sectionOfNumber,
  typeNumber,
  typeOfNumber,
} from './numbers.ts';
import type { Facet, StoredResource } from './port.ts';

/** What is kept as JSON beside a resource's row, when there is any of it. */
export interface Contained {
  facets?: readonly Facet[];
  parties?: readonly string[];
}

/** Columns of a stored resource, of `resource r`, `name n`, and what its numbers stand for. Ends before `from`. */
export const RESOURCE_COLUMNS = `r.rid, r.type, n.id, r.version, r.state, r.home, r.section, r.labels, r.date_from,
  r.date_to, r.contained, r.last_updated, r.block, r.tx_id, c.body, pn.id as patient_id, org.value as organisation_text,
  author.value as author_text, author_org.value as author_organisation`;
export const RESOURCE_JOINS = `join name n on n.num = r.rid left join content c on c.rid = r.rid
  left join name pn on pn.num = r.patient and r.patient <> 0
  left join term org on org.num = r.organisation left join term author on author.num = r.author
  left join term author_org on author_org.num = author.system`;

/** A facet's columns: type, section, labels, date_from, date_to. */
export function facetValues(facet: Facet | undefined): SqlValue[] {
  const date = facet?.date ?? null;
  return [
    facet === undefined ? 0 : typeNumber(facet.type),
    sectionNumber(facet?.section),
    labelsColumn(facet?.labels ?? []),
    date === null ? null : date[0] === null ? EARLIEST : clampTime(date[0]),
    date === null ? null : date[1] === null ? LATEST : clampTime(date[1]),
  ];
}

function facetOf(row: Row): Facet {
  const from = row['date_from'];
  const to = row['date_to'];
  return {
    type: typeOfNumber(asNumber(row['type'])),
    section: sectionOfNumber(asNumber(row['section'])),
    labels: labelsOf(asText(row['labels'])),
    date:
      from === null || from === undefined
        ? null
        : [
            asNumber(from) === EARLIEST ? null : asNumber(from),
            asNumber(to) === LATEST ? null : asNumber(to),
          ],
  };
}

const NOTHING = new Uint8Array(0);
const optional = (value: SqlValue | undefined): string | undefined =>
  value === null || value === undefined ? undefined : String(value);

/** A row of RESOURCE_COLUMNS as the port describes it. */
export function resourceOf(row: Row): StoredResource {
  const home = homeOfNumber(asNumber(row['home']));
  const contained = optional(row['contained']);
  const { facets = [], parties }: Contained =
    contained === undefined ? {} : (JSON.parse(contained) as Contained);
  const deleted = asNumber(row['state']) !== STATE.live;
  const patient = optional(row['patient_id']);
  const body = row['body'];
  return {
    rid: asNumber(row['rid']),
    type: typeOfNumber(asNumber(row['type'])),
    id: asText(row['id']),
    version: asNumber(row['version']),
    deleted,
    home,
    ...(patient !== undefined && { patient }),
    organisation: optional(row['organisation_text']) ?? '',
    author: {
      mspId: optional(row['author_organisation']) ?? '',
      pseudonym: optional(row['author_text']) ?? '',
    },
    facets: home === 'patient' && asNumber(row['section']) > 0 ? [facetOf(row), ...facets] : [],
    lastUpdated: asNumber(row['last_updated']),
    txId: asText(row['tx_id']),
    block: asNumber(row['block']),
    content: !deleted && body instanceof Uint8Array ? body : NOTHING,
    ...(parties && { parties }),
  };
}

/** A superseded version as it is kept: everything but its content, as JSON. */
export const describeVersion = ({ rid: _, content: __, ...rest }: StoredResource): string =>
  JSON.stringify(rest);

/** A row of `version` (rid, description, body). */
export function versionOf(row: Row): StoredResource {
  const body = row['body'];
  const described = JSON.parse(asText(row['description'])) as Omit<StoredResource, 'rid' | 'content'>;
  return { ...described, rid: asNumber(row['rid']), content: body instanceof Uint8Array ? body : NOTHING };
}
