import { parameterOf, splitValue, type SearchParameter } from '@fhir-fabric-gateway/mappings';
import { compositeCondition } from './composite.ts';
import { chainCondition, hasCondition } from './chain.ts';
import { UnknownParameter, malformed, unsupportedModifier, type Asked, type Condition } from './condition.ts';
import type { SearchContext } from './context.ts';
import { dateCondition } from './date.ts';
import { missingCondition } from './missing.ts';
import { nearCondition } from './near.ts';
import { numberCondition, quantityCondition } from './number.ts';
import { idCondition, lastUpdatedCondition } from './own-columns.ts';
import { referenceCondition } from './reference.ts';
import { stringCondition } from './string.ts';
import { isText, textCondition } from './text.ts';
import { tokenCondition } from './token.ts';
import { uriCondition } from './uri.ts';

/** The parameter in each of the types; throws UnknownParameter unless all have it, of one kind. */
export function parametersNamed(types: readonly string[], code: string, name: string): SearchParameter[] {
  const found = types.map((type) => parameterOf(type, code));
  const [first] = found;
  const known = found.filter((parameter) => parameter !== undefined);
  if (first === undefined || known.length < found.length || known.some(({ type }) => type !== first.type)) {
    throw new UnknownParameter(
      name,
      `${types.length === 1 ? (types[0] ?? '') : 'Not every type searched'} has no search parameter ${code}.`,
    );
  }
  return known;
}

/** Whether the index has values for a parameter; ids and times are columns of its own, texts have their own index. */
export const isSupported = ({ code, extracted }: SearchParameter): boolean =>
  code === '_id' || code === '_lastUpdated' || isText(code) || extracted !== false;

/** What R4 names and this server does not do, and what to ask instead. */
const REFUSED: Readonly<Record<string, string>> = {
  _filter: '_filter is not supported: write its conditions as parameters.',
  _query: '_query is not supported: there are no named queries.',
  _contained: '_contained is not supported: contained resources are found in what contains them, if at all.',
  _containedType: '_containedType is not supported, since _contained is not.',
};

const ORDERED = ['date', 'number', 'quantity'];
const CODE_SETS = ['in', 'not-in', 'above', 'below'];
/** A set of codes counts as this many values: ten of them are as much as a search may ask for. */
const CODE_SET_TERMS = 50;
/** A condition on this many parameters (one of each type searched) takes as long as a further value. */
const PARAMETERS_A_TERM = 3;

/** Counts the values asked for: one of a composite once for each component, one that is a span twice, for its ends. */
function countTerms({ budget }: SearchContext, { value, modifier, parameters }: Asked): void {
  const [first] = parameters;
  const each = CODE_SETS.includes(modifier ?? '')
    ? CODE_SET_TERMS
    : (first?.components?.length ?? (ORDERED.includes(first?.type ?? '') ? 2 : 1));
  const numbers = new Set(parameters.map(({ number }) => number)).size;
  budget.addTerms(splitValue(value, ',').length * each + Math.floor(numbers / PARAMETERS_A_TERM));
}

/** `_list=42`: what a List has as an item, if the List can be seen. https://hl7.org/fhir/R4/search.html#list */
function listCondition(
  context: SearchContext,
  { name, modifier, value }: { name: string; modifier: string | undefined; value: string },
  depth: number,
): Promise<Condition> {
  if (modifier !== undefined) throw unsupportedModifier({ name, modifier, value, parameters: [] });
  if (value.includes('$'))
    throw malformed(name, 'There are no functional lists here: write the id of a List.');
  return hasCondition(context, '_has:List:item:_id', value, depth);
}

/**
 * One search parameter, as the client wrote its name, on resources of `types`.
 * Throws UnknownParameter (400) for a name or modifier that is not supported, 400 for a value that is malformed,
 * TooCostly (400) when it is more than a search may ask for.
 */
export async function parameterCondition(
  context: SearchContext,
  types: readonly string[],
  name: string,
  value: string,
  depth = 0,
): Promise<Condition> {
  if (name.startsWith('_has:')) return hasCondition(context, name, value, depth);
  const dot = name.indexOf('.');
  const [code = '', modifier, ...more] = (dot < 0 ? name : name.slice(0, dot)).split(':');
  if (more.length > 0) throw new UnknownParameter(name, `${name} has more than one modifier.`);
  const refused = Object.hasOwn(REFUSED, code) ? REFUSED[code] : undefined;
  if (refused !== undefined) throw new UnknownParameter(name, refused);
  if (code === '_list' && dot < 0) return listCondition(context, { name, modifier, value }, depth);
  if (isText(code) && dot < 0) return textCondition(context, { name, code, modifier, value });
  const parameters = parametersNamed(types, code, name);
  const asked: Asked = { name, parameters, modifier, value };
  const type = parameters[0]?.type ?? 'special';
  if (dot >= 0) {
    if (type !== 'reference')
      throw new UnknownParameter(name, `${code} is no reference: nothing can be chained to it.`);
    return chainCondition(context, parameters, modifier, name.slice(dot + 1), name, value, depth);
  }
  countTerms(context, asked);
  if (code === '_id') return idCondition(context, types, asked);
  if (code === '_lastUpdated') return lastUpdatedCondition(context, types, asked);
  if (!parameters.every(isSupported)) {
    throw new UnknownParameter(name, `The search parameter ${code} is not supported.`);
  }
  if (modifier === 'missing') return missingCondition(context.connection.words, asked);
  const { connection, fhirBase } = context;
  const { now } = context.visibility;
  switch (type) {
    case 'token':
      return tokenCondition(connection, asked, context.codes);
    case 'string':
      return stringCondition(connection.words, asked);
    case 'date':
      return dateCondition(connection.words, asked, now);
    case 'number':
      return numberCondition(connection.words, asked);
    case 'quantity':
      return quantityCondition(connection, asked);
    case 'uri':
      return uriCondition(connection, asked);
    case 'reference':
      return referenceCondition(context, asked, types);
    case 'composite':
      return compositeCondition(connection, asked, now, fhirBase);
    case 'special':
      return nearCondition(connection.words, asked);
  }
}
