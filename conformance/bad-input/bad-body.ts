import { send } from '../clients/answer.ts';
import { faultOf, PATIENCE_WITH_BAD_INPUT, whereabouts } from '../clients/refusal.ts';
import type { Session } from '../clients/session.ts';
import { FHIR_BASE } from '../clients/target.ts';

/** A body that is no resource, or not the one that it should be: how it is refused, and where the fault is said to be. */
export interface BadBody {
  what: string;
  /** `Observation` and `POST` when absent. */
  path?: string;
  method?: string;
  body: string | Uint8Array<ArrayBuffer>;
  status: readonly number[];
  where: RegExp;
}

/** The longest refusal that is still a message and no echo. */
const MOST_WORDS = 100_000;

/** Expects the body to be refused in time, with one of the statuses, in words that say where. */
export async function refuses(
  { token }: Session,
  { path = 'Observation', method = 'POST', body, status, where }: BadBody,
): Promise<void> {
  const answer = await send(`${FHIR_BASE}/${path}`, {
    method,
    body,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' },
    signal: AbortSignal.timeout(PATIENCE_WITH_BAD_INPUT),
  });
  expect(faultOf(answer)).toBeUndefined();
  expect(status).toContain(answer.status);
  expect(whereabouts(answer)).toMatch(where);
  expect(answer.text.length).toBeLessThan(MOST_WORDS);
}
