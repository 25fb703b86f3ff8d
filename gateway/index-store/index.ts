export type {
  IndexReader,
  IndexTransaction,
  IndexWriter,
  SearchRequest,
  SearchResult,
  StoredResource,
} from './port.ts';
export { revIncludesOf } from './search/inclusion-names.ts';
export { openIndexReader } from './reader.ts';
export { openIndexWriter } from './writer.ts';
