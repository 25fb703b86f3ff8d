import { codeSetSuite } from '../testing/code-set-suite.ts';
import { TestStore } from '../testing/store.ts';

codeSetSuite(() => TestStore.open());
