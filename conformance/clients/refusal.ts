import { outcomeOf, type Answer } from './answer.ts';

/** How long bad input may keep a server busy. */
export const PATIENCE_WITH_BAD_INPUT = 60_000;

/** A line of a stack trace, or a file of the server's. */
const INSIDE = /\n\s+at |node_modules|node:internal|\.ts:\d|\.js:\d|SQLITE|TypeError|RangeError:/;

/**
 * What makes an answer a good refusal: a status of the client's fault, an OperationOutcome whose every issue has a
 * severity, a code and words, and nothing of the inside. Answers what is wrong with it; undefined: nothing.
 */
export function faultOf(answer: Answer): string | undefined {
  const { status, text } = answer;
  if (status < 400 || status > 499) return `status ${status}`;
  if (INSIDE.test(text)) return 'it shows the inside';
  if (!/^application\/fhir\+json/.test(answer.headers.get('content-type') ?? ''))
    return 'it is no application/fhir+json';
  for (const issue of outcomeOf(answer).issue) {
    if (!['fatal', 'error', 'warning', 'information'].includes(issue.severity))
      return 'an issue has no severity';
    if (!issue.code) return 'an issue has no code';
    if (!issue.diagnostics) return 'an issue says nothing';
  }
  return undefined;
}

/** Where a refusal says that the fault is: expressions, then words. */
export const whereabouts = (answer: Answer): string =>
  outcomeOf(answer)
    .issue.map(({ expression = [], diagnostics = '' }) => `${expression.join(' ')} ${diagnostics}`)
    .join('\n');
