import { createInterface } from 'node:readline';
import { FhirError, type Issue } from '../fhir/errors.ts';
import { parseJson } from '../fhir/json/parse.ts';
import { createValidator, type Validator } from '../fhir/validation/validator.ts';

/**
 * `npm run --silent validate < resources.ndjson`: reads resources, one a line, and answers a line for each: a JSON list
 * of the issues for which the gateway would refuse it, empty if it is valid. What a file holds can be seen before any of
 * it is loaded.
 */
const issuesOf = (validator: Validator, line: string): readonly Issue[] => {
  try {
    return validator.validate(parseJson(Buffer.from(line)).resource);
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    return error.issues;
  }
};

const validator = createValidator();
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity }))
  process.stdout.write(`${JSON.stringify(issuesOf(validator, line))}\n`);
