export { compileConsent, type CompiledConsent, type ConsentOptions } from './compile.ts';
export { firstGrant } from './first-grant.ts';
export { consentOf, provisionOf, rulesToConsent } from './from-rules.ts';
export { consentParties } from './parties.ts';
export type { ConsentProblem } from './problems.ts';
