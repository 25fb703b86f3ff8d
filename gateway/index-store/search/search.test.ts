import { searchSuite } from '../testing/search-suite.ts';
import { TestStore } from '../testing/store.ts';

searchSuite(() => TestStore.open());
