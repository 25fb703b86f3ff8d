import { scopesSuite } from '../testing/scopes-suite.ts';
import { TestStore } from '../testing/store.ts';

scopesSuite(() => TestStore.open());
