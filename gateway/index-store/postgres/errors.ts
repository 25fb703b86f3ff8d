import pg from 'pg';
import { DatabaseUnavailable } from '../../database/port.ts';
import { reaching } from '../../database/postgres.ts';
import type { VisitCounter } from '../connection.ts';
import { StatementTooLarge } from '../too-large.ts';
import { TOO_MANY_VISITS } from './words.ts';

/** Limits of the server: too many columns, too deep a stack; and a statement that ran into its time. */
const TOO_LARGE = /^(54|57014$)/;
/** Somebody else holds what this waits for. */
const LOCKED = '55P03';

/** Runs what asks the server. Throws StatementTooLarge, DatabaseUnavailable, what `visits` throws, or an Error. */
export async function asking<T>(work: () => Promise<T>, visits?: VisitCounter): Promise<T> {
  try {
    return await reaching(work);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code = '', detail } = error;
    if (code === TOO_MANY_VISITS && visits) visits.exceeded(Number(detail));
    if (TOO_LARGE.test(code)) throw new StatementTooLarge(error);
    throw code === LOCKED ? new DatabaseUnavailable(error) : error;
  }
}
