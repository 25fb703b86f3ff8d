import { newSqliteFile } from '../testing/sqlite-files.ts';
import { databaseSuite } from './testing/database-suite.ts';

databaseSuite(newSqliteFile);
