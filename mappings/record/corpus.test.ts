import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { typeRow } from '@fhir-fabric-gateway/chaincode/api';
import { rewriteReferences } from '../references/index.ts';
import { isResource, objects, type Json, type Resource } from '../resource.ts';
import { classify } from './classify.ts';

const read = (path: string | URL): Json => JSON.parse(readFileSync(path, 'utf8')) as Json;
const synthea = new URL('../../fixtures/synthea/', import.meta.url);

function resourcesOf(file: string): Resource[] {
  const bundle = read(new URL(file, synthea));
  if (!isResource(bundle)) throw new TypeError(file);
  return objects(bundle['entry'])
    .map(({ resource }) => resource)
    .filter(isResource);
}

describe.each(readdirSync(synthea).filter((name) => name.startsWith('patient-')))('the export %s', (file) => {
  const patient = resourcesOf(file)[0]?.['id'];
  // As the transaction writes it: with ids in place of urn:uuid.
  const written = resourcesOf(file).map((resource) =>
    rewriteReferences(resource, (reference) =>
      reference === `urn:uuid:${String(patient)}` ? `Patient/${String(patient)}` : undefined,
    ),
  );

  test('is one patient’s record, all but the medicines themselves', () => {
    const others = written.filter((resource) => classify(resource).patient !== patient);
    expect(new Set(others.map(({ resourceType }) => resourceType))).toEqual(
      new Set(written.some(({ resourceType }) => resourceType === 'Medication') ? ['Medication'] : []),
    );
    expect(others.every((resource) => classify(resource).problem === undefined)).toBe(true);
  });

  test('has its visit notes in notes and its panels in report', () => {
    const reports = written.filter(({ resourceType }) => resourceType === 'DiagnosticReport');
    for (const report of reports) {
      const laboratory = JSON.stringify(report['category'] ?? '').includes('v2-0074');
      expect(classify(report).facets[0]?.section).toBe(laboratory ? 'report' : 'notes');
    }
  });

  test('has a clinical date on everything but the person, the devices and the medicines', () => {
    const undated = written.filter((resource) => classify(resource).facets[0]?.date === null);
    const types = new Set(undated.map(({ resourceType }) => resourceType));
    for (const type of types) expect(['Patient', 'Device', 'Medication']).toContain(type);
  });
});

const examples = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

/** The owner of another example, as the server knows it of what was written before. */
function ownerOfExample(reference: string): string | undefined {
  const path = join(examples, `${reference.replace('/', '-')}.json`);
  const example = existsSync(path) ? read(path) : null;
  return isResource(example) ? classify(example, { resolve: ownerOfExample }).patient : undefined;
}

test('HL7’s examples of patient types have an owner, but for those listed beside this test', () => {
  const refused: Record<string, string[]> = {};
  const counts = { patient: 0, attached: 0, refused: 0 };
  for (const name of readdirSync(examples).sort()) {
    if (typeRow(name.split('-')[0] ?? '')?.homes[0] !== 'patient') continue;
    const example = read(join(examples, name));
    if (!isResource(example)) throw new TypeError(name);
    const { home, patient, problem } = classify(example, { resolve: ownerOfExample });
    if (problem) {
      counts.refused++;
      (refused[`${problem.code}: ${problem.expression}: ${problem.diagnostics}`] ??= []).push(
        name.replace('.json', ''),
      );
    } else if (home === 'attached') counts.attached++;
    else if (patient !== undefined) counts.patient++;
  }
  expect({ counts, refused }).toEqual(read(new URL('refused-examples.json', import.meta.url)));
});
