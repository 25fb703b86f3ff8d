import type { CodeSystemConcept } from '@medplum/fhirtypes';
import type { Json, JsonObject, Resource } from '../../fhir/resource.ts';
import type { ConceptWriter } from '../store/concept-writer.ts';
import type { DefinitionWriter } from '../store/writer.ts';
import { conceptProblem, definitionProblem, isDefinitional, manifestProblem } from './check.ts';
import { readObject } from './json-stream.ts';
import { LoadError } from './load-error.ts';
import { sourcesOf, type Source } from './sources.ts';

/** What was loaded, by type, and how much else was there that is no definition. */
export interface Loaded {
  definitions: Map<string, number>;
  concepts: number;
  leftOut: number;
}

/** Concepts on the first level that are held in memory; of a code system with more, each is written as it is read. */
const HELD = 20_000;
/** Files that are named when they cannot be loaded. */
const MOST_NAMED = 20;

/**
 * Loads definitions from JSON files, folders, and FHIR packages: all of them, or none and a LoadError that names each
 * file and what is wrong with it. https://hl7.org/fhir/R4/terminology-service.html, https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
 */
export async function loadDefinitions(writer: DefinitionWriter, paths: readonly string[]): Promise<Loaded> {
  const loaded: Loaded = { definitions: new Map(), concepts: 0, leftOut: 0 };
  const problems: string[] = [];
  await writer.together(async () => {
    for (const path of paths) {
      try {
        for await (const source of sourcesOf(path)) {
          const problem = await problemOf(() => loadSource(writer, source, loaded));
          if (problem !== undefined) problems.push(`${source.name}: ${problem}`);
        }
      } catch (error) {
        problems.push(error instanceof LoadError ? error.message : `${path}: ${reasonOf(error)}`);
      }
    }
    if (problems.length === 0) return;
    const more = problems.length - MOST_NAMED;
    throw new LoadError(
      [...problems.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    );
  });
  return loaded;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function problemOf(load: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await load();
  } catch (error) {
    return error instanceof SyntaxError || error instanceof TypeError
      ? `it is not JSON in UTF-8: ${error.message}`
      : reasonOf(error);
  }
}

/** Answers what is wrong. */
async function loadSource(
  writer: DefinitionWriter,
  { content, manifest, named }: Source,
  loaded: Loaded,
): Promise<string | undefined> {
  const concepts = new Concepts(writer);
  let inEntries: string | undefined;
  const rest = await readObject(content, ['concept', 'entry'], (key, element) => {
    if (key === 'concept') concepts.take(element);
    else inEntries ??= loadEntry(writer, element, loaded);
  });
  if (manifest) return manifestProblem(rest);
  const type = rest['resourceType'];
  if (typeof type !== 'string') return named ? 'it has no resourceType' : void (loaded.leftOut += 1);
  if (type === 'Bundle') return inEntries;
  if (!named && (!isDefinitional(type) || rest['url'] === undefined)) return void (loaded.leftOut += 1);
  return concepts.problem ?? put(writer, { ...rest, resourceType: type }, loaded, concepts);
}

function loadEntry(writer: DefinitionWriter, entry: Json, loaded: Loaded): string | undefined {
  const resource = entryResource(entry);
  if (resource === undefined || !isDefinitional(resource.resourceType) || resource['url'] === undefined)
    return void (loaded.leftOut += 1);
  const { concept = [], ...rest } = resource;
  const concepts = new Concepts(writer);
  if (!Array.isArray(concept)) return 'a CodeSystem holds no list of concepts';
  for (const one of concept) concepts.take(one);
  const problem =
    concepts.problem ?? put(writer, { ...rest, resourceType: resource.resourceType }, loaded, concepts);
  return problem && `${resource.resourceType} ${String(resource['url'] ?? resource['id'])}: ${problem}`;
}

function entryResource(entry: Json): Resource | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const resource = entry['resource'];
  return typeof resource === 'object' &&
    resource !== null &&
    !Array.isArray(resource) &&
    'resourceType' in resource
    ? { ...resource, resourceType: String(resource['resourceType']) }
    : undefined;
}

function put(
  writer: DefinitionWriter,
  rest: Resource & JsonObject,
  loaded: Loaded,
  concepts: Concepts,
): string | undefined {
  const problem = definitionProblem(rest);
  if (problem !== undefined) return problem;
  if (concepts.begun) writer.put(rest, concepts.begun);
  else writer.put(concepts.held.length > 0 ? { ...rest, concept: concepts.held } : rest);
  loaded.definitions.set(rest.resourceType, (loaded.definitions.get(rest.resourceType) ?? 0) + 1);
  loaded.concepts += concepts.count;
  return undefined;
}

/** The concepts of one code system: held, or written as they come once they are many. */
class Concepts {
  readonly #writer: DefinitionWriter;
  held: Json[] = [];
  begun: { num: number; concepts: ConceptWriter } | undefined;
  problem: string | undefined;

  constructor(writer: DefinitionWriter) {
    this.#writer = writer;
  }

  get count(): number {
    return this.begun ? this.begun.concepts.count : countOf(this.held);
  }

  take(concept: Json): void {
    this.problem ??= conceptProblem(concept);
    if (this.problem !== undefined) return;
    this.held.push(concept);
    if (this.held.length < HELD && !this.begun) return;
    this.begun ??= this.#writer.beginConcepts();
    for (const one of this.held) this.begun.concepts.write(one as unknown as CodeSystemConcept);
    this.held = [];
  }
}

const countOf = (concepts: readonly Json[]): number =>
  concepts.reduce<number>((sum, concept) => {
    const below =
      typeof concept === 'object' && concept !== null && !Array.isArray(concept) ? concept['concept'] : [];
    return sum + 1 + countOf(Array.isArray(below) ? below : []);
  }, 0);
