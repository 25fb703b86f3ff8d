export type {
  IndexReader,
  IndexTransaction,
  IndexWriter,
  SearchRequest,
  SearchResult,
  StoredResource,
} from './port.ts';
export { openIndexReader } from './reader.ts';
export { openIndexWriter } from './writer.ts';
