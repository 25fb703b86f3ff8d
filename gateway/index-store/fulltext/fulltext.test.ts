import { fulltextSuite } from '../testing/fulltext-suite.ts';
import { TestStore } from '../testing/store.ts';

fulltextSuite(() => TestStore.open());
