import type { CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes';
import type { Resource } from '../fhir/resource.ts';
import { badRequest } from '../fhir/errors.ts';
import { KeptCodeSystem } from './code-system/code-system.ts';
import { notLoaded, tooCostly, valueSetNotFound } from './failure.ts';
import type { Code, Terminology } from './port.ts';
import { DefinitionFile } from './store/database.ts';
import { BUILT_IN, OpenFiles } from './store/files.ts';
import { searchDefinitions } from './store/search.ts';
import { contentOf } from './store/shelf.ts';
import { DefinitionWriter } from './store/writer.ts';
import { memberIn } from './value-set/contains.ts';
import { expanded, scopeOf, type Resolver } from './value-set/expand.ts';
import { membersOf } from './value-set/members.ts';
import { systemsOf } from './value-set/systems.ts';

/** Codes that a search may be given as a set. */
export const MOST_CODES = 5000;

export interface TerminologyOptions {
  /** R4's own, as the build makes it. */
  builtIn?: string;
  /** What the operator has loaded: a file that may be missing. */
  loaded?: string;
  /** `<BASE_URL>/fhir/R4`: definitions may be named by where they are read. */
  fhirBase?: string;
}

/** The terminology service over files of definitions, which are opened when they are first asked for. */
export function openTerminology({ builtIn = BUILT_IN, loaded, fhirBase }: TerminologyOptions): Terminology {
  const files = new OpenFiles({ builtIn, ...(loaded !== undefined && { loaded }) });
  const codeSystem = (url: string, version?: string): KeptCodeSystem | undefined => {
    const kept = files.shelf().byUrl('CodeSystem', url, version);
    return kept && new KeptCodeSystem(kept);
  };
  const definition = (type: string, canonical: string): Resource | undefined => {
    const kept = files.shelf().byCanonical(type, canonical);
    return kept && contentOf(kept);
  };
  const resolver: Resolver = {
    codeSystem,
    valueSet: (canonical) => definition('ValueSet', canonical) as ValueSet | undefined,
  };
  const read = (type: string, id: string): Resource | undefined => {
    const kept = files.shelf().byId(type, id);
    return kept && contentOf(kept);
  };
  const named = (valueSet: string): ValueSet => {
    const local =
      fhirBase !== undefined && valueSet.startsWith(`${fhirBase}/`)
        ? valueSet.slice(fhirBase.length + 1)
        : valueSet;
    const [, id] = /^ValueSet\/([A-Za-z0-9.-]{1,64})$/.exec(local) ?? [];
    const found =
      id === undefined ? resolver.valueSet(valueSet) : (read('ValueSet', id) as ValueSet | undefined);
    if (!found) throw valueSetNotFound(valueSet);
    return found;
  };
  return {
    read,
    definition,
    codeSystem,
    search: (search) => searchDefinitions(files.shelf(), search),
    temporaryCodeSystem,
    expand: (valueSet, options) => expanded(valueSet, resolver, options),
    contains(valueSet, { system, code }, version) {
      const scope = scopeOf(resolver, {});
      const coding = (url: string) => ({ system: url, code, ...(version !== undefined && { version }) });
      if (system !== undefined) {
        const member = memberIn(valueSet, coding(system), scope);
        return member ? { member } : {};
      }
      const found = systemsOf(valueSet, scope).flatMap((url) => memberIn(valueSet, coding(url), scope) ?? []);
      const [member, second] = found;
      if (second) return { why: 'The code is in several code systems of the value set: say which system.' };
      return member ? { member } : {};
    },
    codesIn(valueSet) {
      const codes: Code[] = [];
      for (const { system, code } of membersOf(named(valueSet), scopeOf(resolver, {}))) {
        codes.push({ system, code });
        if (codes.length > MOST_CODES)
          throw tooCostly(
            `The value set ${valueSet} has more than ${MOST_CODES} codes, too many to search by.`,
          );
      }
      return codes;
    },
    related({ system: url, code }, direction) {
      const system = codeSystem(url);
      if (!system) throw notLoaded(url);
      const codes = system.related(code, direction, MOST_CODES + 1);
      if (!codes) throw badRequest(`The code is not in ${url}.`);
      if (codes.length > MOST_CODES)
        throw tooCostly(`More than ${MOST_CODES} codes are meant, too many to search by.`);
      return codes.map((one) => ({ system: url, code: one }));
    },
    close: () => files.close(),
  };
}

/** A code system of a request, in a file of its own in memory. */
function temporaryCodeSystem(resource: CodeSystem): ReturnType<Terminology['temporaryCodeSystem']> {
  if (countOf(resource.concept ?? []) > MOST_CODES)
    throw tooCostly(`A code system of a request has at most ${MOST_CODES} codes.`);
  const file = DefinitionFile.create(':memory:');
  const url = resource.url ?? 'urn:of-the-request';
  new DefinitionWriter(file).put({ ...(resource as unknown as Resource), url });
  const row = file.get('select * from resource') ?? {};
  const kept = { file, row, num: Number(row['num']), url, version: resource.version ?? '' };
  return { system: new KeptCodeSystem(kept), close: () => file.close() };
}

const countOf = (concepts: readonly CodeSystemConcept[]): number =>
  concepts.reduce((sum, { concept = [] }) => sum + 1 + countOf(concept), 0);
