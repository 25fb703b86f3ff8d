import { FhirError, type Issue } from '../errors.ts';
import { toFhirError } from '../http/failure.ts';
import type { BundleRequest } from './entries.ts';

/** Issues that say where they are in the Bundle; one that names no element is about the entry. */
export function issuesWithin(issues: readonly Issue[], entry: BundleRequest): Issue[] {
  return issues.map((issue) => ({
    ...issue,
    expression: issue.expression?.map((name) => within(name, entry)) ?? [entry.expression],
  }));
}

/** Runs work on one entry of a transaction, which fails as a whole: what is not found is a bad request then. */
export async function at<T>(entry: BundleRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { status, issues, headers } = toFhirError(error);
    throw new FhirError(
      status === 404 || status === 410 ? 400 : status,
      issuesWithin(issues, entry),
      headers,
    );
  }
}

/** `Observation.status` is in the entry's resource; the name of a parameter or header is about its request. */
function within(name: string, { expression }: BundleRequest): string {
  if (name.startsWith('Bundle.')) return name;
  if (!/^[A-Z]/.test(name)) return `${expression}.request`;
  return `${expression}.resource${name.replace(/^[A-Za-z]+/, '')}`;
}
