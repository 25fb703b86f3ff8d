import { _ } from 'ajv';
import type { CodeKeywordDefinition } from 'ajv';

/**
 * Keyword `anyCoding`: a CodeableConcept has a Coding out of a list of `system|code`, or else an extension that says
 * why not. https://hl7.org/fhir/R4/terminologies.html#required
 */
export const anyCoding: CodeKeywordDefinition = {
  keyword: 'anyCoding',
  type: 'object',
  schemaType: 'array',
  error: {
    message: 'has no coding out of the required value set',
    params: ({ params }) => _`{allowedValues: ${params['allowed']}}`,
  },
  code(cxt) {
    const { gen, data, schema } = cxt;
    const allowed = gen.scopeValue('obj', {
      ref: schema,
      key: JSON.stringify(schema),
      code: _`JSON.parse(${JSON.stringify(schema)})`,
    });
    const coding = _`(coding) => ${allowed}.includes(coding.system + '|' + coding.code)`;
    cxt.setParams({ allowed });
    cxt.pass(
      _`(Array.isArray(${data}.coding) && ${data}.coding.some(${coding})) || ${data}.extension !== undefined`,
    );
  },
};
