import { readFileSync } from 'node:fs';

/**
 * Text that FHIR resources have in common, so that a short resource compresses well. Content on the ledger names it
 * (`kid`: r4-1): it never changes; a better one gets a name of its own.
 */
export const dictionary: Uint8Array = readFileSync(new URL('./dictionary-r4-1.txt', import.meta.url));
