import { readerSuite } from './testing/reader-suite.ts';
import { TestStore } from './testing/store.ts';

readerSuite(() => TestStore.open());
