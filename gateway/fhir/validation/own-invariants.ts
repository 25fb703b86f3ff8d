import type { Issue } from '../errors.ts';
import type { Json, JsonObject } from '../resource.ts';

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const object = (value: Json | undefined): JsonObject => objects([value ?? null])[0] ?? {};

const violated = (key: string, human: string, expression: string): Issue => ({
  severity: 'error',
  code: 'invariant',
  diagnostics: `${key}: ${human}`,
  expression: [expression],
});

/** bdl-7: fullUrl is unique in a bundle, or else the entries are versions of one resource; not so in a history. */
const uniqueUrls = (bundle: JsonObject): Issue[] => {
  if (bundle['type'] === 'history') return [];
  const seen = new Set<string>();
  for (const [index, entry] of objects(bundle['entry']).entries()) {
    if (typeof entry['fullUrl'] !== 'string') continue;
    const version = object(object(entry['resource'])['meta'])['versionId'];
    const key = `${entry['fullUrl']} ${typeof version === 'string' ? version : ''}`;
    if (seen.has(key))
      return [
        violated('bdl-7', 'fullUrl must be unique in a bundle', `Bundle.entry[${String(index)}].fullUrl`),
      ];
    seen.add(key);
  }
  return [];
};

const codings = (concept: Json | undefined): string[] =>
  objects(object(concept)['coding']).map(({ system, code }) => JSON.stringify([system, code]));

/** obs-7: An Observation with a value has no component of its own code. */
const valueOrComponent = (observation: JsonObject): Issue[] => {
  if (!Object.keys(observation).some((name) => /^_?value[A-Z]/.test(name))) return [];
  const own = new Set(codings(observation['code']));
  return objects(observation['component']).flatMap((component, index) =>
    codings(component['code']).some((coding) => own.has(coding))
      ? [
          violated(
            'obs-7',
            'If a component has the code of the Observation, the Observation has no value of its own',
            `Observation.component[${String(index)}].code`,
          ),
        ]
      : [],
  );
};

/** que-2: The link ids of a Questionnaire's items are unique. */
const uniqueLinks = (questionnaire: JsonObject): Issue[] => {
  const seen = new Set<Json>();
  const visit = (items: Json | undefined, at: string): Issue[] => {
    for (const [index, item] of objects(items).entries()) {
      const here = `${at}.item[${String(index)}]`;
      const link = item['linkId'];
      if (link !== undefined && seen.has(link))
        return [violated('que-2', 'The link ids of the items must be unique', `${here}.linkId`)];
      if (link !== undefined) seen.add(link);
      const inside = visit(item['item'], here);
      if (inside.length > 0) return inside;
    }
    return [];
  };
  return visit(questionnaire['item'], 'Questionnaire');
};

/** org-1: An organisation has a name or an identifier. @medplum/core leaves it out. */
const namedSomehow = (organization: JsonObject): Issue[] =>
  ['name', '_name', 'identifier'].some((element) => organization[element] !== undefined)
    ? []
    : [violated('org-1', 'An organisation must have a name or an identifier', 'Organization')];

const invariants: Readonly<Record<string, (resource: JsonObject) => Issue[]>> = {
  Bundle: uniqueUrls,
  Observation: valueOrComponent,
  Organization: namedSomehow,
  Questionnaire: uniqueLinks,
};

/** The invariants that are checked by hand, most because FHIRPath takes quadratic time over them. */
export const ownInvariants = (resource: JsonObject): Issue[] =>
  invariants[String(resource['resourceType'])]?.(resource) ?? [];
