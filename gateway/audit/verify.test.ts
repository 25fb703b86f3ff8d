import { newSqliteFile } from '../testing/sqlite-files.ts';
import { verifySuite } from './testing/verify-suite.ts';

verifySuite(newSqliteFile);
