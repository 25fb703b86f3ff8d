import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { pino, type Logger } from 'pino';

/** What the log says of an error. */
export interface LoggedError {
  type: string;
  /** `ECONNREFUSED`; a number for gRPC. */
  code?: string | number;
  message?: string;
  /** Where it was thrown: the stack without its message. */
  at?: string;
  cause?: LoggedError;
}

/**
 * An error for the log, without what may be a person's: a parser's message quotes what it was given, and a database's
 * shows the row. A message is kept of those alone that are known to say nothing of the kind.
 */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, stack = '', cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  // Of the system: ECONNREFUSED and an address, ENOENT and a path of ours.
  const harmless = error instanceof LedgerError || 'syscall' in error;
  return {
    type: name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(harmless && { message: error.message }),
    ...(frames.length > 0 && { at: frames.join('\n') }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

/** The process's log: JSON lines on standard error. Nothing in it names a person or says what a record holds. */
export function createLog(level: string): Logger {
  return pino({ level, serializers: { err: describeError } }, pino.destination(2));
}
