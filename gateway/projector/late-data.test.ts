import { TestStore } from '../index-store/testing/store.ts';
import { lateDataSuite } from './testing/late-data-suite.ts';

lateDataSuite(() => TestStore.open());
