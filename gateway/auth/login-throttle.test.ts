import { newSqliteFile } from '../testing/sqlite-files.ts';
import { throttleSuite } from './testing/throttle-suite.ts';

throttleSuite(newSqliteFile);
