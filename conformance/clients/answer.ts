import { isObject, type Bundle, type OperationOutcome, type Resource } from './resource.ts';

/** What a request got, whatever its status. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** How long any answer may take. */
const PATIENCE = 120_000;

/** One HTTP request, its answer read to the end. Rejects when none came in time; a status never rejects. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE), ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The resource of an answer; throws what came instead when it is none. */
export function resourceOf<T extends object = Resource>({ status, text }: Answer): T {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && typeof value['resourceType'] === 'string') return value as T;
  } catch {
    // Said below, with what came.
  }
  throw new Error(`no resource came, but ${status} ${text.slice(0, 500)}`);
}

/** The OperationOutcome of a refusal. */
export function outcomeOf(answer: Answer): OperationOutcome {
  const outcome = resourceOf<OperationOutcome>(answer);
  if (
    outcome.resourceType !== 'OperationOutcome' ||
    !Array.isArray(outcome.issue) ||
    outcome.issue.length === 0
  ) {
    throw new Error(`no OperationOutcome came, but ${answer.status} ${answer.text.slice(0, 500)}`);
  }
  return outcome;
}

/** `details.coding.code` of the first issue: `consent-required`. */
export const detailOf = (answer: Answer): string | undefined =>
  outcomeOf(answer).issue[0]?.details?.coding?.[0]?.code;

export function bundleOf(answer: Answer): Bundle {
  const bundle = resourceOf<Bundle>(answer);
  if (answer.status !== 200 || bundle.resourceType !== 'Bundle') {
    throw new Error(`no Bundle came, but ${answer.status} ${answer.text.slice(0, 500)}`);
  }
  return bundle;
}
