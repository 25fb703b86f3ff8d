import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { anyCoding } from './any-coding.ts';
import { choices } from './choices.ts';
import type { Definitions } from './definitions.ts';
import { buildSchema } from './schema.ts';

/**
 * CommonJS source of a function `(resource) => boolean` with the first fault in `errors`, as ajv leaves it. It stops at
 * the first fault on purpose: collecting all of them takes quadratic time and much memory on hostile input.
 */
export const compileShape = (definitions: Definitions): string => {
  const ajv = new Ajv({
    allErrors: false,
    discriminator: true,
    inlineRefs: false,
    messages: false,
    // Lengths in UTF-16 units: one property read instead of a walk through the text.
    unicode: false,
    strictTypes: false,
    // Up to here a list of codes is written out as comparisons, which need nothing from ajv at run time.
    loopEnum: 1000,
    logger: false,
    code: { source: true, lines: false, optimize: 1 },
  });
  ajv.addKeyword(choices);
  ajv.addKeyword(anyCoding);
  ajv.addSchema(buildSchema(definitions));
  const validate = ajv.compile({ $ref: 'http://hl7.org/fhir/R4#/definitions/Resource' });
  return standalone.default(ajv, validate);
};
