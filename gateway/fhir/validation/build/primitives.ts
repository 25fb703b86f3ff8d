/** A JSON Schema (draft 7), as far as this build writes it. */
export type Schema = { readonly [keyword: string]: unknown };

const text = (pattern: string, maxLength = 1_048_576): Schema => ({ type: 'string', maxLength, pattern });
const integer = (minimum: number): Schema => ({ type: 'integer', minimum, maximum: 2_147_483_647 });

const year = '([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)';
const month = '(0[1-9]|1[0-2])';
const day = '(0[1-9]|[12][0-9]|3[01])';
const time = '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?';
const zone = '(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))';
/** Any characters but control characters; R4's own `\S` means ASCII in HL7's tools, so a no-break space is fine. */
const characters = '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f]+$';
const oid = 'urn:oid:[0-2](\\.(0|[1-9][0-9]*))+';
const uuid = 'urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
/** A URI that says that it is an OID or a UUID has the form of one. */
const uri = `^((?!urn:(oid|uuid):)\\S+|${oid}|${uuid})$`;

/**
 * R4's primitive types. The expressions are R4's, written so that none of them can take more than linear time.
 * That the days exist (no 30 February) is for a later layer. https://hl7.org/fhir/R4/datatypes.html#primitive
 */
export const primitives: Readonly<Record<string, Schema>> = {
  base64Binary: { type: 'string', pattern: '^[0-9A-Za-z+/=\\s]+$' },
  boolean: { type: 'boolean' },
  canonical: text(uri),
  code: text('^\\S+( \\S+)*$', 10_000),
  date: text(`^${year}(-${month}(-${day})?)?$`, 40),
  dateTime: text(`^${year}(-${month}(-${day}(T${time}${zone})?)?)?$`, 40),
  decimal: { type: 'number' },
  id: text('^[A-Za-z0-9.-]{1,64}$'),
  instant: text(`^${year}-${month}-${day}T${time}${zone}$`, 40),
  integer: integer(-2_147_483_648),
  markdown: text(characters),
  oid: text(`^${oid}$`, 10_000),
  positiveInt: integer(1),
  string: text(characters),
  time: text(`^${time}$`, 40),
  unsignedInt: integer(0),
  uri: text(uri),
  url: text(uri),
  uuid: text(`^${uuid}$`),
  xhtml: { type: 'string', minLength: 1, maxLength: 1_048_576 },
};
