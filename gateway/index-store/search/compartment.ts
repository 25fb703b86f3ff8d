import { compartmentParameters, type Compartment } from '@fhir-fabric-gateway/mappings';
import { sql } from '../sql.ts';
import { nameNumber } from '../../consent/concerns.ts';
import { badRequest } from '../../fhir/errors.ts';
import { either, onValues, type Condition } from './condition.ts';
import { confinedTo, type SearchContext } from './context.ts';

/** Of the types searched those of which resources can be in a compartment. Throws 400 when one is named and there are none. */
export function typesIn(compartment: Compartment, types: readonly string[]): string[] {
  const possible = types.filter(
    (type) => type === compartment || compartmentParameters(type, compartment).length > 0,
  );
  if (possible.length === 0)
    throw badRequest(`${types.join(', ')} is never in the compartment of a ${compartment}.`);
  return possible;
}

/**
 * What refers to an Encounter, a Practitioner, a Device or a RelatedPerson by one of the parameters that put it in that
 * compartment, and itself. https://hl7.org/fhir/R4/compartmentdefinition.html
 */
export async function compartmentCondition(
  { connection }: SearchContext,
  types: readonly string[],
  compartment: { type: Compartment; id: string },
): Promise<Condition> {
  const number = await nameNumber(connection, `${compartment.type}/${compartment.id}`);
  const parameters = types.flatMap((type) =>
    compartmentParameters(type, compartment.type).map((parameter) => parameter.number),
  );
  const refers = onValues(
    connection.words,
    'reference',
    parameters,
    (v) => sql`${sql.ref(`${v}.target`)} = ${number}`,
    6,
  );
  if (!types.includes(compartment.type)) return refers;
  return {
    rank: 6,
    holds: (r) => either([sql`${sql.ref(`${r}.rid`)} = ${number}`, refers.holds(r)]),
    rows: (patients) => sql`${refers.rows?.(patients) ?? sql``} union all
      select v.rid, v.patient from resource v where v.rid = ${number} ${confinedTo(sql`v.patient`, patients)}`,
  };
}
