import { isObject } from '../../resource.ts';
import type { Path } from '../path.ts';
import { jsonNumberSpan } from '../precision.ts';
import type { Rule } from './rule.ts';

const position: Rule = (element, into) => {
  if (!isObject(element)) return;
  const latitude = jsonNumberSpan(element['latitude'])?.value;
  const longitude = jsonNumberSpan(element['longitude'])?.value;
  if (latitude !== undefined && longitude !== undefined) into.push({ kind: 'position', latitude, longitude });
};

/** Of the special parameters only Location's `near` finds something. https://hl7.org/fhir/R4/location.html#positional */
export const specialRule = (path: Path): Rule | undefined =>
  path.steps.at(-1) === 'position' ? position : undefined;
