export type {
  HeldLease,
  IndexReader,
  IndexTransaction,
  IndexWriter,
  ProjectionLease,
  SearchRequest,
  SearchResult,
  StoredResource,
} from './port.ts';
export { Changes } from './changes.ts';
export { NotNextBlock } from './not-next-block.ts';
export { dropIndex } from './drop.ts';
export { isSupported } from './search/parameter.ts';
export { revIncludesOf } from './search/inclusion-names.ts';
export { openProjectionLease } from './lease.ts';
export { openIndexReader } from './reader.ts';
export { openIndexWriter } from './writer.ts';
