import fc from 'fast-check';
import { FhirError } from '../errors.ts';
import { parseDocument } from './parse.ts';
import { stringify } from './stringify.ts';

const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^(?:0|[1-9]\d{0,20})$/),
    fc.option(fc.stringMatching(/^\d{1,20}$/)),
    fc.option(fc.stringMatching(/^[eE][+-]?\d{1,3}$/)),
  )
  .map(
    ([sign, whole, fraction, exponent]) =>
      sign + whole + (fraction === null ? '' : `.${fraction}`) + (exponent ?? ''),
  );

/** JSON text without blanks, as it is written; names are unique. */
const text = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    number,
    fc.string().map((string) => JSON.stringify(string)),
    fc.constantFrom('true', 'false', 'null'),
    fc.array(tie('value')).map((items) => `[${items.join()}]`),
    fc
      .uniqueArray(fc.tuple(fc.string(), tie('value')), { selector: ([name]) => name })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`),
  ),
})).value;

/** Names that look like indexes come first in a JavaScript object; nothing else may change. */
const hasIndexNames = (json: string): boolean => /"\d+":/.test(json);

test('any JSON comes out as it was written, every digit of it', () => {
  fc.assert(
    fc.property(text, (json) => {
      fc.pre(!hasIndexNames(json));
      const { value, exact } = parseDocument(Buffer.from(json));
      expect(value).toEqual(JSON.parse(json));
      expect(stringify(exact ?? value)).toBe(json);
    }),
    { numRuns: 500 },
  );
});

test('a document with any byte changed, cut or doubled is read or refused with a 400, never more', () => {
  const damaged = fc
    .tuple(text, fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('change', 'cut', 'double'))
    .map(([json, position, byte, how]) => {
      const bytes = Buffer.from(json);
      const at = position % Math.max(1, bytes.length);
      if (how === 'change') bytes[at] = byte;
      return how === 'cut'
        ? bytes.subarray(0, at)
        : how === 'double'
          ? Buffer.concat([bytes.subarray(0, at), bytes])
          : bytes;
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      let native: unknown;
      try {
        native = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      } catch {
        native = undefined;
      }
      try {
        expect(parseDocument(bytes).value).toEqual(native);
      } catch (error) {
        if (!(error instanceof FhirError)) throw error;
        expect(error.status).toBe(400);
        expect(error.message).not.toBe('The body is not JSON');
      }
    }),
    { numRuns: 1000 },
  );
});
