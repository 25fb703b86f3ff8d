export { parseLiteral, type LiteralReference } from './literal.ts';
export { references, type FoundReference } from './references.ts';
export { rewriteReferences, type ReferenceMap } from './rewrite.ts';
export { linkedResources } from './linked.ts';
export { relativeReferences } from './relative.ts';
