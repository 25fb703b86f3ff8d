import { isObject } from '../../clients/resource.ts';
import type { KnownOutside } from '../needles/key-guesses.ts';
import { tellingTexts } from '../needles/telling.ts';
import type { Traffic } from './traffic.ts';

/** What clients said and were told, for those who look for it where it must not be. */
export interface Known {
  /** Texts of resources. */
  texts: Set<string>;
  /** What lets a client in. */
  keys: Set<string>;
  outside: Omit<KnownOutside, 'pseudonyms'>;
  /** Bodies as they were sent and answered. */
  bodies: Set<string>;
}

const KEYS = ['access_token', 'refresh_token', 'id_token', 'code', 'client_assertion', 'password'];
const SHORTEST_KEY = 8;
const ORGANISATIONS = [
  'HospitalMSP',
  'LabMSP',
  'Organization/hospital',
  'Organization/lab',
  'hospital',
  'lab',
];
/** What says nothing of anybody. */
const NOT_OF_RECORDS = ['OperationOutcome', 'CapabilityStatement'];

/** Gathers it; `since`: when the recording began. */
export function knownFrom({ requests, answers }: Traffic, since: Date): Known {
  const texts = new Set<string>();
  const keys = new Set<string>();
  const bodies = new Set<string>();
  const resources = new Set<string>();
  const criteria = new Set<string>();
  const asked = requests.map(({ url, body }) => ({ url, body }));
  const told = answers.map(({ location, body }) => ({ url: location ?? '', body }));
  for (const { url, body } of [...asked, ...told]) {
    const parsed = parse(body);
    const said = [
      ...paramsOf(url),
      ...new URLSearchParams(body),
      ...(isObject(parsed) ? Object.entries(parsed) : []),
    ];
    for (const [name, value] of said)
      if (KEYS.includes(name) && typeof value === 'string' && value.length >= SHORTEST_KEY) keys.add(value);
    if (!isObject(parsed) || typeof parsed['resourceType'] !== 'string') continue;
    if (NOT_OF_RECORDS.includes(parsed['resourceType'])) continue;
    bodies.add(body);
    for (const text of tellingTexts(parsed, since)) texts.add(text);
    gather(parsed, resources);
  }
  for (const { body } of asked) gatherCriteria(parse(body), criteria);
  const grantees = [...resources].filter((name) => /^(Practitioner|Organization|Patient)\//.test(name));
  const outside = {
    resources: [...resources],
    grantees,
    organisations: ORGANISATIONS,
    criteria: [...criteria],
  };
  return { texts, keys, bodies, outside };
}

const paramsOf = (url: string): [string, string][] =>
  URL.canParse(url) ? [...new URL(url).searchParams] : [];

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Names of resources, `Patient/5`. */
function gather(value: unknown, resources: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) gather(item, resources);
  if (!isObject(value)) return;
  const { resourceType: type, id } = value;
  if (typeof type === 'string' && typeof id === 'string') resources.add(`${type}/${id}`);
  for (const member of Object.values(value)) gather(member, resources);
}

/** Identifiers, in the ways in which a conditional create asks for them. */
function gatherCriteria(value: unknown, criteria: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) gatherCriteria(item, criteria);
  if (!isObject(value)) return;
  const { system, value: number } = value;
  if (typeof system === 'string' && typeof number === 'string') {
    const token = `${system}|${number}`;
    for (const form of [number, token, `identifier=${token}`]) criteria.add(form);
    for (const type of ['Patient', 'Observation']) criteria.add(`${type}?identifier=${token}`);
  }
  for (const member of Object.values(value)) gatherCriteria(member, criteria);
}
