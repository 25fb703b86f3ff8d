import { _ } from 'ajv';
import type { CodeKeywordDefinition } from 'ajv';

/**
 * Keyword `choices`: {JSON name: [number of the choice, JSON name without underscore]}. An element like `value[x]` has
 * at most one type, so `valueString` and `valueInteger` exclude each other; `valueString` and `_valueString` don't.
 * Written as generated code, since a validator compiled ahead of time can't carry functions along.
 */
export const choices: CodeKeywordDefinition = {
  keyword: 'choices',
  type: 'object',
  schemaType: 'object',
  error: {
    message: 'has values of two types where one is allowed',
    params: ({ params }) => _`{names: ${params['names']}}`,
  },
  code(cxt) {
    const { gen, data, schema } = cxt;
    const table = gen.scopeValue('obj', {
      ref: schema,
      key: JSON.stringify(schema),
      code: _`new Map(Object.entries(JSON.parse(${JSON.stringify(schema)})))`,
    });
    const seen = gen.let('seen', _`undefined`);
    const names = gen.let('names', _`undefined`);
    gen.forIn('key', data, (key) => {
      const choice = gen.const('choice', _`${table}.get(${key})`);
      gen.if(_`${choice} !== undefined`, () => {
        gen.if(_`${seen} === undefined`, () => gen.assign(seen, _`{}`));
        const other = gen.const('other', _`${seen}[${choice}[0]]`);
        gen.if(
          _`${other} === undefined`,
          () => gen.assign(_`${seen}[${choice}[0]]`, _`${choice}[1]`),
          () => gen.if(_`${other} !== ${choice}[1]`, () => gen.assign(names, _`[${other}, ${choice}[1]]`)),
        );
      });
    });
    cxt.setParams({ names });
    cxt.pass(_`${names} === undefined`);
  },
};
