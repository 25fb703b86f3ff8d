import { useSearchParameters } from '@fhir-fabric-gateway/mappings';
import { ConfigError } from '../config.ts';
import { isPostgres } from '../database/open.ts';
import { FhirError } from '../fhir/errors.ts';
import { resultParameters } from '../fhir/interactions/search-parameters.ts';
import { explainSearch } from '../index-store/explain.ts';
import { dropIndex } from '../index-store/index.ts';
import type { SearchRequest } from '../index-store/port.ts';
import type { OrganisationSettings } from '../organisations.ts';
import { readOwnParameters } from '../setup/own-parameters.ts';
import { LockedError, lockDataDir } from '../storage/lock.ts';
import { dataFolder, installedIn } from './data-folder.ts';
import { openStorage, storageConfigOf } from './open-storage.ts';
import { readSettings } from './read-settings.ts';
import { isExclusive } from './stores.ts';

/** `npm run index -- rebuild`: throws the read-index away and builds it again from the ledger. The gateway must be stopped. */
async function rebuild(): Promise<void> {
  const { dataDir, demo } = dataFolder(process.env);
  const config = readSettings({ ...process.env, DATA_DIR: dataDir }, demo);
  if (isExclusive(config) && !installedIn(dataDir))
    throw new ConfigError(`There is no ledger in ${dataDir}.`);
  const unlock = isExclusive(config) ? lockDataDir(dataDir, config.indexUrl) : () => undefined;
  await dropIndex(config.indexUrl);
  const start = performance.now();
  const storage = await openStorage(storageConfigOf(config));
  await storage.ready();
  const blocks = await storage.ledger.height();
  await storage.close();
  unlock();
  console.log(
    `the index was built from ${blocks} blocks in ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
}

/**
 * `npm run index -- plan '<Type>?<parameters>'`, or `'Patient/<id>/$everything'`: what SQLite does for a search that a system of the ledger's founder asks,
 * a line for each statement and an indented one for each step. Beside a gateway that runs, too.
 */
async function plan(query: string): Promise<void> {
  const { dataDir, demo } = dataFolder(process.env);
  const { indexUrl, own, searchParameters } = readSettings({ ...process.env, DATA_DIR: dataDir }, demo);
  if (isPostgres(indexUrl)) throw new ConfigError('Ask PostgreSQL itself: its log says what is slow.');
  useSearchParameters(await readOwnParameters(searchParameters));
  for (const { text, steps } of await explainSearch(indexUrl, systemSearch(query, own[0])))
    console.log([text.replaceAll(/\s+/g, ' ').trim(), ...steps.map((step) => `  ${step}`)].join('\n'));
}

/** A search as a system of an organisation would ask it. Throws FhirError when its result parameters are malformed. */
function systemSearch(query: string, organisation: OrganisationSettings | undefined): SearchRequest {
  if (!organisation) throw new ConfigError('There is no organisation.');
  const [path = '', parameters = ''] = query.split('?');
  const wanted = resultParameters([...new URLSearchParams(parameters)]);
  const [, patient] = /^Patient\/([^/]+)\/\$everything$/.exec(path) ?? [];
  const organization = `Organization/${organisation.organization}`;
  return {
    ...wanted,
    types: patient === undefined ? [path] : [],
    parameters: wanted.criteria,
    ...(patient !== undefined && { compartment: { type: 'Patient', id: patient }, include: ['*'] }),
    lenient: false,
    visibility: {
      now: Date.now(),
      scopes: [{ type: '*' }],
      principal: {
        identity: { mspId: organisation.mspId, pseudonym: 'operator' },
        requester: { role: 'system', organization },
        scopes: [],
        purpose: 'TREAT',
        ...{ client: 'operator', display: 'operator', tokenId: 'none' },
      },
    },
  };
}

const [command, query, ...rest] = process.argv.slice(2);
const wanted =
  command === 'rebuild' && query === undefined
    ? rebuild
    : command === 'plan' && query !== undefined && rest.length === 0
      ? () => plan(query)
      : undefined;
if (!wanted) {
  console.error("usage: npm run index -- rebuild | plan '<Type>?<parameters>'");
  process.exit(1);
}
wanted().catch((error: unknown) => {
  console.error(
    error instanceof ConfigError || error instanceof LockedError || error instanceof FhirError
      ? error.message
      : error,
  );
  process.exit(1);
});
