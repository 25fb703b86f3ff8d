/** The server under test: a running demo, named by BASE_URL. Its clients' private keys lie below DATA_DIR. */
export const BASE_URL = (process.env['BASE_URL'] ?? 'http://localhost:8080').replace(/\/$/, '');
export const FHIR_BASE = `${BASE_URL}/fhir/R4`;
export const DATA_DIR = process.env['DATA_DIR'] ?? '.data/demo';
