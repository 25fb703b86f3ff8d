/** A gateway under test: a running demo. Its clients' private keys lie below `dataDir`. */
export interface Target {
  baseUrl: string;
  fhirBase: string;
  dataDir: string;
}

const target = (url: string, dataDir: string): Target => {
  const baseUrl = url.replace(/\/$/, '');
  return { baseUrl, fhirBase: `${baseUrl}/fhir/R4`, dataDir };
};

/** The hospital's gateway, named by BASE_URL and DATA_DIR: everybody's, when it is the only one. */
export const HOSPITAL = target(
  process.env['BASE_URL'] ?? 'http://localhost:8080',
  process.env['DATA_DIR'] ?? '.data/demo',
);

const labUrl = process.env['LAB_BASE_URL'];

/** Whether the lab has a gateway of its own, on the same ledger: named by LAB_BASE_URL and LAB_DATA_DIR. */
export const TWO_GATEWAYS = labUrl !== undefined;

/** The gateway that the lab's people and systems use. */
export const LAB =
  labUrl === undefined ? HOSPITAL : target(labUrl, process.env['LAB_DATA_DIR'] ?? '.data/lab');

export const { baseUrl: BASE_URL, fhirBase: FHIR_BASE, dataDir: DATA_DIR } = HOSPITAL;
