import { newSqliteFile } from '../../testing/sqlite-files.ts';
import { startGateway, type StartGateway } from './server.ts';

/** On a SQLite file that goes when the tests are done. */
export const onSqlite: StartGateway = async (overrides) =>
  startGateway({ database: await newSqliteFile(), ...overrides });
