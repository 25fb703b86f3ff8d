import { isObject, objects, text, type Json, type JsonObject, type Resource } from '../resource.ts';
import { asciiJson } from './exact-text.ts';
import { THESIS_RECORD } from './fields.ts';

/**
 * What a thesis record has and no FHIR element says, as one Basic (section `other`): flags that say `private` where that
 * is the rule anyway, blank texts, values of another type than the thesis's, members that the thesis does not know.
 * https://hl7.org/fhir/R4/basic.html
 */
export function remainderToBasic(members: JsonObject, patient: string): Resource {
  return {
    resourceType: 'Basic',
    extension: [{ url: THESIS_RECORD, valueString: asciiJson(members) }],
    code: { coding: [{ system: 'http://fhir-fabric-gateway.org/CodeSystem/record', code: 'thesis-record' }] },
    subject: { reference: `Patient/${patient}` },
  };
}

/** The members; undefined when the Basic is another's. Throws a SyntaxError when its extension does not hold JSON. */
export function basicToRemainder(basic: Resource): JsonObject | undefined {
  const extension = objects(basic['extension']).find(({ url }) => url === THESIS_RECORD);
  if (!extension) return undefined;
  const members = JSON.parse(text(extension['valueString']) ?? '') as Json;
  return isObject(members) ? members : undefined;
}
