import { newSqliteFile } from '../testing/sqlite-files.ts';
import { readerSuite } from './testing/reader-suite.ts';

readerSuite(newSqliteFile);
