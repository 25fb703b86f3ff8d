import { onSqlite } from './testing/on-sqlite.ts';
import { loginSuite } from './testing/login-suite.ts';

loginSuite(onSqlite);
