import { parseReference, type ReferenceValue } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { asNumber, type Connection } from '../connection.ts';
import { afterPrefix, keyText } from '../fold.ts';
import { typeNumber, typeOfNumber, typeOfRid } from '../numbers.ts';
import { rowsFor } from '../query.ts';
import { aside } from '../write-values.ts';
import {
  constants,
  list,
  malformed,
  onValues,
  unsupportedModifier,
  type Asked,
  type Condition,
} from './condition.ts';
import type { SearchContext } from './context.ts';
import { alongHierarchy, orderedTypes } from './hierarchy.ts';
import { tokenCondition } from './token.ts';
import { alternatives } from './values.ts';

/** Parameters by which a resource can name a patient who doesn't own it. */
const SEVERAL_PATIENTS = [
  'Account',
  'Appointment',
  'AppointmentResponse',
  'AuditEvent',
  'Provenance',
  'Group',
  'Person',
];

/** Numbers of everything that a reference may mean: an id alone, each type that the parameter may point at. */
async function targets(
  connection: Connection,
  value: ReferenceValue,
  types: readonly string[],
): Promise<number[]> {
  if (value.type !== undefined && value.id !== undefined) {
    const rows = await connection.all('select num from name where type = ? and id = ?', [
      typeNumber(value.type),
      keyText(value.id),
    ]);
    return rows.map((row) => asNumber(row['num']));
  }
  if (value.url !== undefined) {
    // A canonical without its version means every version.
    const { url, version } = value;
    const anyVersion = `${url}|`;
    const rows =
      version === undefined
        ? await connection.all(
            'select num from name where type = 0 and id = ? union all select num from name where type = 0 and id >= ? and id < ?',
            [keyText(url), anyVersion, afterPrefix(anyVersion)],
          )
        : await connection.all('select num from name where type = 0 and id = ?', [
            keyText(`${url}|${version}`),
          ]);
    return rows.map((row) => asNumber(row['num']));
  }
  if (value.id === undefined) return [];
  const query = sql`select num from name where type in (${constants(types.map(typeNumber))}) and id = ${keyText(value.id)}`;
  return (await rowsFor(connection, query)).map(({ num }) => asNumber(num));
}

/** Reference parameters, typed by a modifier or in the value; `:identifier`, `:above` and `:below`. https://hl7.org/fhir/R4/search.html#reference */
export async function referenceCondition(
  context: SearchContext,
  asked: Asked,
  types: readonly string[],
): Promise<Condition> {
  const { connection, fhirBase } = context;
  if (asked.modifier === 'identifier') {
    const parameters = asked.parameters.map((parameter) => ({
      ...parameter,
      number: aside(parameter.number),
    }));
    return tokenCondition(connection, { ...asked, parameters, modifier: undefined });
  }
  const { modifier } = asked;
  const direction = modifier === 'above' || modifier === 'below' ? modifier : undefined;
  const narrowed = direction === undefined ? modifier : undefined;
  let allowed = [...new Set(asked.parameters.flatMap((parameter) => parameter.targets ?? []))];
  if (narrowed !== undefined) {
    if (typeNumber(narrowed) === 0) throw unsupportedModifier(asked);
    allowed = allowed.filter((type) => type === narrowed);
  }
  // Whether a type has an order is asked before anything is looked up, and so tells nothing of what there is.
  if (direction !== undefined) allowed = orderedTypes(asked.name, allowed);
  let found: number[] = [];
  const values = alternatives(asked, (piece) => parseReference(piece, fhirBase));
  for (const value of values) {
    if (narrowed !== undefined && value.type !== undefined && value.type !== narrowed) {
      throw malformed(asked.name, `The value is a reference to another type than ${narrowed}.`);
    }
    if (
      direction !== undefined &&
      (value.url !== undefined || !allowed.includes(value.type ?? allowed[0] ?? ''))
    )
      throw malformed(asked.name, `${value.type ?? 'That'} is not above or below anything.`);
    found.push(...(await targets(connection, value, allowed)));
  }
  if (direction !== undefined) found = await alongHierarchy(context, asked.name, found, direction);
  const patientsOnly =
    found.length > 0 && found.every((number) => typeOfNumber(typeOfRid(number)) === 'Patient');
  const code = asked.parameters[0]?.code ?? '';
  const owners =
    ['patient', 'subject'].includes(code) && !types.some((type) => SEVERAL_PATIENTS.includes(type));
  return {
    ...onValues(
      connection.words,
      'reference',
      asked.parameters.map(({ number }) => number),
      (v) => sql`${sql.ref(`${v}.target`)} in (${list(found)})`,
      owners ? 30 : 12,
    ),
    ...(patientsOnly && owners && { patients: found }),
    ordered: found.length === 1 && asked.parameters.length === 1,
  };
}
