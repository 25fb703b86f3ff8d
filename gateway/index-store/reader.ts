import type { Changes } from './changes.ts';
import { engineOf } from './engine.ts';
import { erasedWithKeys } from './leftovers.ts';
import { currentVersion, historyOf, oneVersion } from './history.ts';
import { parkedIn } from './parked.ts';
import { indexedParameters } from './own-parameters.ts';
import { PositionWatch } from './position-watch.ts';
import { positionOf } from './position.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { IndexReader, RecordRow } from './port.ts';
import { patientsWithIdentifier, recordKeysOf, recordOf } from './records.ts';
import { RuleReader } from './rules.ts';
import type { CodeSets } from './code-sets.ts';
import { checkVersion, schemaVersion } from './schema.ts';
import { searchIn } from './search/search.ts';
import { SingleGate } from './sees.ts';

export interface ReaderOptions {
  /** Where the writer has made the index: a SQLite file, or `postgres://...`. */
  url: string;
  /** `<BASE_URL>/fhir/R4`: references below it that are written as absolute URLs are found as relative ones. */
  fhirBase?: string;
  /** Resolves value sets and hierarchies that searches name; without it, they are refused. */
  codes?: CodeSets;
  /** Of the index's only writer, in a process that it shares with this reader. */
  changes?: Changes;
}

/**
 * Opens the index for reading, beside its writer. Throws when the writer has not made it yet, or it has tables of
 * another version.
 */
export async function openIndexReader({
  url,
  fhirBase,
  codes,
  changes,
}: ReaderOptions): Promise<IndexReader> {
  const { engine, at } = engineOf(url);
  const connection = await engine.openForReading(at);
  try {
    checkVersion(await schemaVersion(connection));
  } catch (error) {
    await connection.close();
    throw error;
  }
  const watch = new PositionWatch(connection);
  const rules = new RuleReader(connection, changes);
  const records = new KeptAnswers<RecordRow | undefined>(changes);
  const gate = new SingleGate(connection, rules, fhirBase, codes);
  return {
    get: (type, id) => currentVersion(connection, type, id),
    getVersion: (type, id, number) => oneVersion(connection, type, id, number),
    history: (request) => historyOf(connection, request),
    search: (request) => searchIn(connection, request, fhirBase, codes),
    record: (patient) => records.of(patient, () => recordOf(connection, patient)),
    seen: (visibility, type, id) => gate.seen(visibility, type, id),
    sees: (visibility, resource) => gate.sees(visibility, resource),
    rules: (patient, grantees) => rules.of(patient, grantees),
    patientsByIdentifier: (system, value) => patientsWithIdentifier(connection, system, value),
    recordKeys: (patient) => recordKeysOf(connection, patient),
    parked: () => parkedIn(connection),
    erasedWithKeys: () => erasedWithKeys(connection),
    parameters: () => indexedParameters(connection),
    position: () => positionOf(connection),
    waitFor: (block, signal) => watch.waitFor(block, signal),
    async close() {
      await watch.close();
      await connection.close();
    },
  };
}
