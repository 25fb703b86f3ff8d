import { onSqlite } from './testing/on-sqlite.ts';
import { attacksSuite } from './testing/attacks-suite.ts';

attacksSuite(onSqlite);
