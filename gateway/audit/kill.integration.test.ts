import { newSqliteFile } from '../testing/sqlite-files.ts';
import { killSuite } from './testing/kill-suite.ts';

killSuite(newSqliteFile);
