import { format, type Mutation } from './mutation.ts';

/** Values that have the right kind of JSON and not the format of their type. */
export const FORMATS: readonly Mutation[] = [
  format('date out of format', ['date'], ['2020-13-01', '2020-1-1', '01/02/2020', '20200101', '2020-02-30']),
  format(
    'dateTime out of format',
    ['dateTime'],
    ['2020-01-01T10:00', '2020-01-01 10:00:00', '2020-01-01T25:00:00Z', '2020-01-01T10:00:00', 'yesterday'],
  ),
  format('instant out of format', ['instant'], ['2020-01-01', '2020-01-01T10:00:00', '2020-01-01T10:00Z']),
  format('time out of format', ['time'], ['25:00:00', '10:00', '10:00:00Z']),
  format('uri out of format', ['uri', 'url', 'canonical'], ['http://example.org/a b', ' ', 'a b']),
  format(
    'urn:oid or urn:uuid out of format',
    ['uri', 'oid', 'uuid'],
    ['urn:oid:a.b', 'urn:oid:9.1', 'urn:uuid:123'],
  ),
  format('id out of format', ['id'], ['a b', 'a_b', 'ä', 'a'.repeat(65)]),
  format('base64Binary out of format', ['base64Binary'], ['not base64!', 'QUJ', '%%%%']),
  format('integer out of range', ['positiveInt', 'unsignedInt'], [-1, 4_294_967_296]),
  format('integer with a fraction', ['integer', 'positiveInt', 'unsignedInt'], [1.5]),
  format('code out of format', ['code'], [' final', 'final ', 'a  b']),
];
