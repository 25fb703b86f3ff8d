import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  compileSearchParameters,
  SearchParameterError,
  type OwnParameters,
} from '@fhir-fabric-gateway/mappings';
import { ConfigError } from '../config.ts';

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The resources in a file: one, or those of a Bundle. */
function resourcesIn(value: unknown): unknown[] {
  if (!isFields(value) || value['resourceType'] !== 'Bundle') return [value];
  const { entry } = value;
  return Array.isArray(entry) ? entry.map((one: unknown) => (isFields(one) ? one['resource'] : one)) : [];
}

function read(folder: string, problems: string[]): unknown[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    throw new ConfigError(`SEARCH_PARAMETERS: the folder can't be read: ${(error as Error).message}`);
  }
  return names.sort().flatMap((name) => {
    try {
      return resourcesIn(JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
    } catch {
      problems.push(`${name}: it is not JSON`);
      return [];
    }
  });
}

/**
 * The SearchParameters in the files of a folder, compiled; none without a folder. Rejects with a ConfigError that says
 * everything that is wrong with them.
 */
export async function readOwnParameters(folder: string | undefined): Promise<OwnParameters> {
  if (folder === undefined) return {};
  const problems: string[] = [];
  const resources = read(folder, problems);
  try {
    if (problems.length > 0) throw new SearchParameterError(problems);
    return resources.length === 0 ? {} : await compileSearchParameters(resources);
  } catch (error) {
    if (!(error instanceof SearchParameterError)) throw error;
    throw new ConfigError(error.problems.map((problem) => `SEARCH_PARAMETERS: ${problem}`).join('\n'));
  }
}

/** What tells a parameter from one of the same URL that finds other values: `url hash`. */
export function signaturesOf(parameters: OwnParameters): string[] {
  const byUrl = new Map<string, string[]>();
  for (const [type, rows] of Object.entries(parameters))
    for (const row of rows)
      byUrl.set(row.url, [...(byUrl.get(row.url) ?? []), `${type} ${JSON.stringify(row)}`]);
  return Array.from(byUrl, ([url, rows]) => {
    const hash = createHash('sha256').update(rows.sort().join('\n')).digest('base64url');
    return `${url} ${hash}`;
  }).sort();
}

/** URLs of the parameters of which the index does not have the values of every resource. */
export function notIndexed(parameters: OwnParameters, indexed: readonly string[]): string[] {
  const have = new Set(indexed);
  return signaturesOf(parameters)
    .filter((signature) => !have.has(signature))
    .map((signature) => signature.slice(0, signature.lastIndexOf(' ')));
}
