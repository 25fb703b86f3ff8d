import { newSqliteFile } from '../testing/sqlite-files.ts';
import { anchorsSuite } from './testing/anchors-suite.ts';

anchorsSuite(newSqliteFile);
