import { tailOf } from './log.ts';

/** A step that failed: which one, why, and what its log said last. */
export class StepError extends Error {
  readonly step: string;

  constructor(step: string, { cause, log }: { cause: unknown; log?: string }) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const tail = log === undefined ? '' : tailOf(log);
    super(`${step}: ${reason}${tail && `\nthe end of ${log}:\n${tail}`}`, { cause });
    this.name = 'StepError';
    this.step = step;
  }
}

/** Where the progress of a long command is told. */
export type Tell = (line: string) => void;

/** Says that a step begins, and runs it; what it rejects with becomes a StepError. */
export async function step<T>(tell: Tell, name: string, run: () => Promise<T>): Promise<T> {
  tell(name);
  try {
    return await run();
  } catch (cause) {
    throw cause instanceof StepError ? cause : new StepError(name, { cause });
  }
}
