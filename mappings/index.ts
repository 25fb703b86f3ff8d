export * from './consent/index.ts';
export * from './labelling/index.ts';
export * from './record/index.ts';
export * from './references/index.ts';
export type { Json, JsonObject, Resource } from './resource.ts';
export * from './thesis/index.ts';
export * from './search/index.ts';
export * from './summary/index.ts';
