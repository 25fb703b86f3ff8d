import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseJson } from '../json/parse.ts';
import { definitionsFolder } from './build/definitions.ts';
import { createValidator } from './validator.ts';

/** HL7's examples of R4, without its thousands of definitions and terminologies, and the bundles of all of those. */
const folder = definitionsFolder();
const examples = readdirSync(folder).filter(
  (file) =>
    file.endsWith('.json') &&
    !/^(?:package|\.|ig-r4|SearchParameter|ValueSet|CodeSystem|ConceptMap|StructureDefinition)/.test(file) &&
    statSync(path.join(folder, file)).size < 2_000_000,
);

/**
 * Examples that break rules of R4: a narrative without content (txt-2), a missing `linkId` (1..1), a malformed
 * OID. */
const broken = [
  'ActivityDefinition-blood-tubes-supply.json ActivityDefinition.text.div',
  'ActivityDefinition-heart-valve-replacement.json ActivityDefinition.text.div',
  'EventDefinition-example.json EventDefinition.text.div',
  'Library-zika-virus-intervention-logic.json Library.dataRequirement[0].codeFilter[0].valueSet',
  'Questionnaire-qs1.json Questionnaire.item[0].item[0].linkId',
  'Questionnaire-zika-virus-exposure-assessment.json Questionnaire.text.div',
];

test("all of HL7's examples are valid, but for six that break a rule", () => {
  const validator = createValidator();
  expect(examples.length).toBeGreaterThan(750);
  const refused = examples.flatMap((file) => {
    const [issue] = validator.validate(parseJson(readFileSync(path.join(folder, file))).resource);
    return issue === undefined ? [] : `${file} ${String(issue.expression?.[0])}`;
  });
  expect(refused).toEqual(broken);
});
