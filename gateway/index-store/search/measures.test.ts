import { measuresSuite } from '../testing/measures-suite.ts';
import { TestStore } from '../testing/store.ts';

measuresSuite(() => TestStore.open());
