import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reason } from './lane.ts';

export const STATUS: Readonly<Record<Reason, number>> = { share: 429, overload: 503 };

const SAID: Readonly<Record<Reason, string>> = {
  share: 'You ask for more than your share while others wait: slow down, and try again.',
  overload: 'More is asked for than the server can do: try again.',
};

const body = (reason: Reason): string =>
  JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'throttled', diagnostics: SAID[reason] }],
  });

/** Made once: in an overload most answers are this. Texts, which leave together with the head, in one piece. */
const BODIES: Readonly<Record<Reason, string>> = { share: body('share'), overload: body('overload') };

/** Seconds, one after the other: those who are refused together shall not come back together. */
const AGAIN = ['1', '2', '3', '4'];
let refused = 0;

/** Refuses a request of which nothing but the head was looked at, with 429 or 503. */
export function refuse(request: IncomingMessage, response: ServerResponse, reason: Reason): void {
  refused += 1;
  response.writeHead(STATUS[reason], {
    'Content-Type': 'application/fhir+json; charset=utf-8',
    'Content-Length': BODIES[reason].length,
    'Retry-After': AGAIN[refused % AGAIN.length],
    'Cache-Control': 'no-store',
    ...(request.headers.origin !== undefined && {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'Retry-After',
    }),
  });
  response.end(BODIES[reason], 'latin1');
}
