import { newSqliteFile } from '../testing/sqlite-files.ts';
import { idempotencySuite } from './idempotency-suite.ts';

idempotencySuite(newSqliteFile);
