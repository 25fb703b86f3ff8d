import { openEmbeddedEngine } from './embedded-engine.ts';
import { engineSuite } from './suite.ts';

engineSuite('the embedded engine', openEmbeddedEngine);
