import { onSqlite } from './testing/on-sqlite.ts';
import { malformedSuite } from './testing/malformed-suite.ts';

malformedSuite(onSqlite);
