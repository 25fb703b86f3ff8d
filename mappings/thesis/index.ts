export { bundleToThesisRecord, ThesisRecordError } from './from-bundle.ts';
export { thesisRecordToBundle, type ThesisBundleOptions } from './to-bundle.ts';
export type { ThesisRecord } from './fields.ts';
