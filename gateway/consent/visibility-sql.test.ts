import { TestStore } from '../index-store/testing/store.ts';
import { visibilitySuite } from './testing/visibility-suite.ts';

visibilitySuite(() => TestStore.open(), Number(process.env['GATE_RUNS'] ?? 120));
