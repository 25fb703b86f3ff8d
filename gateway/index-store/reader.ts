import { asNumber } from './connection.ts';
import { currentVersion, historyOf, oneVersion } from './history.ts';
import type { IndexReader } from './port.ts';
import { patientsWithIdentifier, recordKeysOf, recordOf } from './records.ts';
import { RuleReader } from './rules.ts';
import { SCHEMA_VERSION, schemaVersion } from './schema.ts';
import { searchIn } from './search/search.ts';
import { SingleGate } from './sees.ts';
import { openForReading } from './sqlite.ts';

export interface ReaderOptions {
  /** The file that the writer has made. */
  file: string;
  /** `<BASE_URL>/fhir/R4`: references below it that are written as absolute URLs are found as relative ones. */
  fhirBase?: string;
}

/**
 * Opens the index for reading, beside its writer. Throws when the writer has not made it yet, or it has tables of
 * another version.
 */
export async function openIndexReader({ file, fhirBase }: ReaderOptions): Promise<IndexReader> {
  const connection = openForReading(file);
  const version = await schemaVersion(connection);
  if (version !== SCHEMA_VERSION) {
    await connection.close();
    throw new Error(`The read-index has tables of version ${version ?? 'none'}, not ${SCHEMA_VERSION}.`);
  }
  const rules = new RuleReader(connection);
  const gate = new SingleGate(connection, rules, fhirBase);
  return {
    get: (type, id) => currentVersion(connection, type, id),
    getVersion: (type, id, number) => oneVersion(connection, type, id, number),
    history: (request) => historyOf(connection, request),
    search: (request) => searchIn(connection, request, fhirBase),
    record: (patient) => recordOf(connection, patient),
    sees: (visibility, resource) => gate.sees(visibility, resource),
    rules: (patient, grantees) => rules.of(patient, grantees),
    patientsByIdentifier: (system, value) => patientsWithIdentifier(connection, system, value),
    recordKeys: (patient) => recordKeysOf(connection, patient),
    async position() {
      const [row] = await connection.all("select value from meta where key = 'position'");
      return asNumber(row?.['value'] ?? -1);
    },
    async close() {
      await connection.close();
    },
  };
}
