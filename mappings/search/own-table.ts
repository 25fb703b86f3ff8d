import type { ParameterRow } from './path.ts';

/** Search parameters that the operator adds to R4's, by resource type. */
export type OwnParameters = Readonly<Record<string, readonly ParameterRow[]>>;

let own: OwnParameters = {};
/** Canonical URLs of those that values are extracted for, and that are not searched by yet. */
let pending: ReadonlySet<string> = new Set();
const listeners: (() => void)[] = [];

/** Adds to the parameters of R4, in place of what was added before: once, before anything is extracted or searched. */
export function useSearchParameters(parameters: OwnParameters): void {
  own = parameters;
  for (const changed of listeners) changed();
}

/** Takes some of the operator's out of what is offered, until the index has their values for every resource. */
export function withholdSearchParameters(urls: Iterable<string>): void {
  pending = new Set(urls);
  for (const changed of listeners) changed();
}

export const ownParametersOf = (type: string): readonly ParameterRow[] =>
  Object.hasOwn(own, type) ? (own[type] ?? []) : [];
export const isPending = (url: string): boolean => pending.has(url);
/** Tells what is kept of the parameters to forget it. */
export const onParametersChanged = (changed: () => void): void => void listeners.push(changed);
