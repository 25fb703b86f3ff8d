import {
  PURPOSES,
  RESOURCE_TYPES,
  SECTION_SYSTEM,
  isSection,
  type Action,
  type Rule,
  type Section,
  type Span,
} from '@fhir-fabric-gateway/chaincode/api';
import { periodSpan } from '../record/span.ts';
import { codingKey, isObject, objects, text, type Json, type JsonObject } from '../resource.ts';
import { compileActor } from './actors.ts';
import { ACT_REASON, CONSENT_ACTION, RESOURCE_TYPE_SYSTEM } from './codes.ts';
import type { Problems } from './problems.ts';
import { findUnenforceable } from './unenforceable.ts';

/** Deeper nesting than any policy has; keeps evaluation on the ledger bounded. */
const MAX_DEPTH = 16;
/** The ledger's limit for a name (chaincode/api, `Name`). */
const MAX_LABEL = 512;

type Element<T> = (value: JsonObject, path: string) => T | undefined;

/** What compiling one provision needs, whatever its depth. */
export interface ProvisionContext {
  problems: Problems;
  base?: string;
}

/** The repetitions of an element, compiled and without repeats; undefined when it is absent or none is good. */
function each<T>(
  value: Json | undefined,
  path: string,
  { problems }: ProvisionContext,
  compile: Element<T>,
): T[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0)
    return problems.add(path, 'Must be a list with at least one value.');
  const compiled = value.map((item, index) =>
    isObject(item)
      ? compile(item, `${path}[${index}]`)
      : problems.add(`${path}[${index}]`, 'Must be an object.'),
  );
  return [...new Set(compiled.filter((item) => item !== undefined))];
}

function sectionOfConcept(concept: JsonObject, path: string, problems: Problems): Section | undefined {
  const [coding, second] = objects(concept['coding']);
  const code = text(coding?.['code']);
  if (second || coding?.['system'] !== SECTION_SYSTEM || code === undefined || !isSection(code)) {
    return problems.add(
      path,
      `Only sections of the record can be enforced: one coding of ${SECTION_SYSTEM}.`,
    );
  }
  return code;
}

function actionOfConcept(concept: JsonObject, path: string, problems: Problems): Action | undefined {
  const [coding, second] = objects(concept['coding']);
  const code = text(coding?.['code']);
  if (second || coding?.['system'] !== CONSENT_ACTION || (code !== 'access' && code !== 'correct')) {
    return problems.add(path, `Only access and correct can be enforced: one coding of ${CONSENT_ACTION}.`);
  }
  return code;
}

function classOfCoding(coding: JsonObject, path: string, problems: Problems): string | undefined {
  const code = text(coding['code']);
  if (coding['system'] !== RESOURCE_TYPE_SYSTEM || code === undefined || !RESOURCE_TYPES.includes(code)) {
    return problems.add(path, `Only resource types can be enforced: a code of ${RESOURCE_TYPE_SYSTEM}.`);
  }
  return code;
}

function purposeOfCoding(coding: JsonObject, path: string, problems: Problems): string | undefined {
  const code = text(coding['code']);
  if (coding['system'] !== ACT_REASON || code === undefined || !PURPOSES.has(code)) {
    return problems.add(path, `Must be a purpose of use of ${ACT_REASON}.`);
  }
  return code;
}

function labelOfCoding(coding: JsonObject, path: string, problems: Problems): string | undefined {
  const label = codingKey(coding);
  if (text(coding['code']) === undefined) return problems.add(path, 'A security label needs a code.');
  if (label.length > MAX_LABEL)
    return problems.add(path, `A security label is at most ${MAX_LABEL} characters long.`);
  return label;
}

function spanOfPeriod(value: Json | undefined, path: string, problems: Problems): Span | undefined {
  if (value === undefined) return undefined;
  const span = isObject(value) ? periodSpan(value) : undefined;
  if (!span) return problems.add(path, 'Must have a start or an end, each a date or a time with its zone.');
  if (span[0] !== null && span[1] !== null && span[0] > span[1])
    return problems.add(path, 'Ends before it starts.');
  return span;
}

/**
 * A permit right below a permit, without exceptions of its own, decides nothing: what it covers is permitted already,
 * and beyond what is around it a nested provision does not reach. Whoever wrote it meant more, or less.
 */
function refuseIdlePermits(nested: readonly Rule[], path: string, problems: Problems): void {
  nested.forEach((rule, index) => {
    if (rule.type !== 'permit' || rule.rules) return;
    problems.add(
      `${path}.provision[${index}].type`,
      'An exception from a permit denies: this would change nothing. What is permitted besides takes a Consent of its own.',
    );
  });
}

/**
 * One provision, and those nested in it, as a rule. `type` stands in when it names none. What can't be enforced goes
 * into the problems, and the rule is then of no use. https://hl7.org/fhir/R4/consent-definitions.html#Consent.provision
 */
export function compileProvision(
  provision: JsonObject,
  path: string,
  type: Rule['type'] | undefined,
  context: ProvisionContext,
  depth = 0,
): Rule {
  const { problems, base } = context;
  findUnenforceable(provision, path, problems);
  const said = provision['type'] ?? type;
  if (said !== 'permit' && said !== 'deny') problems.add(`${path}.type`, 'Must be permit or deny.');
  if (provision['data'] !== undefined) {
    problems.add(
      `${path}.data`,
      'Single resources cannot be enforced: use class, code, securityLabel or dataPeriod.',
    );
  }
  const part = <T>(
    name: string,
    compile: (value: JsonObject, at: string, problems: Problems) => T | undefined,
  ) => each(provision[name], `${path}.${name}`, context, (value, at) => compile(value, at, problems));
  const actors = part('actor', (actor, at) => compileActor(actor, at, problems, base));
  const actions = part('action', actionOfConcept);
  const classes = part('class', classOfCoding);
  const sections = part('code', sectionOfConcept);
  const labels = part('securityLabel', labelOfCoding);
  const purposes = part('purpose', purposeOfCoding);
  const period = spanOfPeriod(provision['period'], `${path}.period`, problems);
  const dataPeriod = spanOfPeriod(provision['dataPeriod'], `${path}.dataPeriod`, problems);
  const rules =
    depth < MAX_DEPTH
      ? part('provision', (nested, at) => compileProvision(nested, at, undefined, context, depth + 1))
      : provision['provision'] !== undefined
        ? problems.add(`${path}.provision`, `Provisions are enforced ${MAX_DEPTH} levels deep.`)
        : undefined;
  if (said === 'permit') refuseIdlePermits(rules ?? [], path, problems);
  return {
    type: said === 'permit' ? 'permit' : 'deny',
    ...(actors && { actors }),
    ...(actions && { actions }),
    ...(classes && { classes }),
    ...(sections && { sections }),
    ...(labels && { labels }),
    ...(purposes && { purposes }),
    ...(period && { period }),
    ...(dataPeriod && { dataPeriod }),
    ...(rules && { rules }),
  };
}
