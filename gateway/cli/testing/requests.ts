import { setTimeout } from 'node:timers/promises';
import type { JsonObject } from '../../fhir/resource.ts';
import type { TestGateway } from '../test-gateway.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: JsonObject;
}

/** A request below the FHIR base of a gateway. */
export async function call(
  { fhirBase }: Pick<TestGateway, 'fhirBase'>,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${fhirBase}/${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body && { 'Content-Type': 'application/fhir+json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as JsonObject),
  };
}

/** Creates a resource, and answers its id; throws the answer when it was refused. */
export async function create(
  gateway: Pick<TestGateway, 'fhirBase'>,
  token: string,
  resource: JsonObject,
): Promise<string> {
  const type = String(resource['resourceType']);
  const { status, body } = await call(gateway, token, 'POST', type, resource);
  if (status !== 201) throw new Error(`POST ${type}: ${status} ${JSON.stringify(body)}`);
  return String(body['id']);
}

const PATIENCE = 120_000;

/** Asks until the answer is as it should be; throws what came last when it never was. */
export async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > end) throw new Error(`it never came: ${JSON.stringify(answer)}`);
    await setTimeout(20);
  }
}
