import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Bundle, ValueSet, ValueSetExpansionContains } from '@medplum/fhirtypes';
import { FhirError } from '../fhir/errors.ts';
import { openTerminology, type Terminology } from './index.ts';

const folder = path.dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
const published = (
  JSON.parse(readFileSync(path.join(folder, 'Bundle-valueset-expansions.json'), 'utf8')) as Bundle<ValueSet>
).entry;

let terminology: Terminology;
beforeAll(() => void (terminology = openTerminology({})));
afterAll(() => terminology.close());

const keysOf = (contains: readonly ValueSetExpansionContains[] = []): string[] =>
  contains.flatMap(({ system, code, contains: below }) => [
    ...(code === undefined ? [] : [`${system ?? ''}|${code}`]),
    ...keysOf(below),
  ]);

/** Code systems that R4 refers to and does not bring along, or not in the version that a value set names. */
const ELSEWHERE = [
  'http://snomed.info/sct',
  'http://loinc.org',
  'http://unitsofmeasure.org',
  'http://hl7.org/fhir/sid/cvx',
  'urn:iso:std:iso:4217',
  'urn:ietf:bcp:13',
  'http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem',
  'http://hl7.org/fhir/CodeSystem/task-code|3.6.0',
];

/** What HL7's server left out: codes that v2 has deprecated, and what v3 says by the property `child`. */
const isLeftOut = (key: string): boolean => {
  const [url = '', code = ''] = key.split('|');
  const concept = terminology.codeSystem(url)?.details(code);
  const deprecated = concept?.properties.some(
    ({ code: name, value }) => name === 'status' && value === 'deprecated',
  );
  return deprecated === true || url === 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
};

interface Compared {
  same: number;
  more: string[];
  wrong: string[];
  refused: { url: string; why: string }[];
}

const compared = (): Compared => {
  const result: Compared = { same: 0, more: [], wrong: [], refused: [] };
  for (const { resource } of published ?? []) {
    const { url = '', expansion } = resource ?? {};
    const own = terminology.definition('ValueSet', url) as ValueSet | undefined;
    if (!own) continue;
    try {
      const ours = keysOf(terminology.expand(own, { excludeNotForUI: true }).expansion?.contains);
      const theirs = new Set(keysOf(expansion?.contains));
      const extra = ours.filter((key) => !theirs.has(key));
      const notAbstract = [...theirs].filter((key) => !ours.includes(key)).filter((key) => !isAbstract(key));
      if (notAbstract.length > 0 || !extra.every(isLeftOut)) result.wrong.push(url);
      else if (extra.length > 0) result.more.push(url);
      else result.same += 1;
    } catch (error) {
      if (!(error instanceof FhirError)) throw error;
      result.refused.push({ url, why: error.issues[0]?.diagnostics ?? '' });
    }
  }
  return result;
};

const isAbstract = (key: string): boolean => {
  const [url = '', code = ''] = key.split('|');
  return terminology.codeSystem(url)?.concept(code)?.abstract === true;
};

test('the value sets of R4 expand to the codes that HL7 published for them', () => {
  const { same, more, wrong, refused } = compared();
  expect(wrong).toEqual([]);
  expect({ same, more: more.length, refused: refused.length }).toEqual({
    ...{ same: 485, more: 10, refused: 57 },
  });
  const elsewhere = refused.filter(({ why }) => ELSEWHERE.some((system) => why.includes(` ${system} `)));
  expect(refused.filter((one) => !elsewhere.includes(one))).toEqual([
    {
      url: 'http://hl7.org/fhir/ValueSet/c80-doc-typecodes',
      why: expect.stringContaining('more than 5000 codes'),
    },
  ]);
});
