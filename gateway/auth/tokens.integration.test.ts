import { onSqlite } from './testing/on-sqlite.ts';
import { tokensSuite } from './testing/tokens-suite.ts';

tokensSuite(onSqlite);
