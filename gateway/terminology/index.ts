export { openTerminology } from './open.ts';
export { isDefinitionParameter } from './store/search-values.ts';
export type { Code, Terminology } from './port.ts';
