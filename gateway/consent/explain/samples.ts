import type { AccessRequest, Rule, Span } from '@fhir-fabric-gateway/chaincode/api';

/** What is asked besides who, what for and which type: the labels and the clinical date that a resource might have. */
export type Sample = Pick<AccessRequest, 'labels' | 'date'>;

/** More would tell nobody more. */
const MOST = 100;

const moment = (at: number): Span => [at, at];

/** Clinical dates on both sides of every end of a period that some rule names, and none. */
function datesOf(rules: readonly Rule[]): (Span | null)[] {
  const ends = new Set(
    rules.flatMap(({ dataPeriod }) => dataPeriod ?? []).filter((end): end is number => end !== null),
  );
  return [null, ...[...ends].flatMap((end) => [moment(end - 1), moment(end), moment(end + 1)])];
}

/** Resources that rules could tell apart: without labels and with each that some rule names, at each of these dates. */
export function samplesOf(rules: readonly Rule[]): Sample[] {
  const labels = [...new Set(rules.flatMap(({ labels: named }) => named ?? []))];
  const sets = [[], ...labels.map((label) => [label])];
  return datesOf(rules)
    .flatMap((date) => sets.map((set): Sample => ({ labels: set, date })))
    .slice(0, MOST);
}

/** The purposes that people mostly have, and each that some rule names. */
export function purposesOf(rules: readonly Rule[]): string[] {
  // One that nobody names stands for all that nobody names.
  const usual = ['HMARKT', 'TREAT', 'ETREAT', 'BTG', 'HPAYMT', 'HOPERAT', 'HRESCH', 'PUBHLTH'];
  return [...new Set([...usual, ...rules.flatMap(({ purposes }) => purposes ?? [])])];
}
