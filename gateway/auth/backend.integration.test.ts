import { onSqlite } from './testing/on-sqlite.ts';
import { backendSuite } from './testing/backend-suite.ts';

backendSuite(onSqlite);
