import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exportOf, resourcesOf } from '../clients/synthea.ts';
import type { Resource } from '../clients/resource.ts';
import { PACKAGE } from './definitions.ts';
import type { Example } from './mutants.ts';

/** Larger ones are bundles of R4's own definitions, which the package has one by one as well. */
const LARGEST = 500_000;

/** HL7's validator takes seconds for each of them, since it makes its snapshot again. */
const SLOW = 'StructureDefinition';

/** HL7's published examples of R4, terminologies included and StructureDefinitions not; `types`: of these types alone. */
export const hl7Examples = (types?: RegExp): Example[] =>
  readdirSync(PACKAGE)
    .filter(
      (file) =>
        /^[A-Z]\w*-.*\.json$/.test(file) &&
        (types?.test(file.split('-')[0] ?? '') ?? !file.startsWith(SLOW)) &&
        statSync(join(PACKAGE, file)).size <= LARGEST,
    )
    .sort()
    .map((file) => ({
      name: file.replace('.json', ''),
      resource: JSON.parse(readFileSync(join(PACKAGE, file), 'utf8')) as Resource,
    }));

/** What Synthea made up of one patient's life, a resource each. */
export const syntheaExamples = (): Example[] =>
  resourcesOf(exportOf('clyde')).map((resource) => ({
    name: `Synthea ${resource.resourceType}/${String(resource['id'])}`,
    resource,
  }));
