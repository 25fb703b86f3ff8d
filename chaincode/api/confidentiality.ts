/** https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html, with the bar that a label's code comes behind. */
export const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality|';

/** What a resource counts as that nobody gave a confidentiality: normal. */
export const NORMAL = `${CONFIDENTIALITY}N`;

/** What is more confidential than normal: of several confidentialities the highest is the resource's. */
export const ABOVE_NORMAL: readonly string[] = [`${CONFIDENTIALITY}R`, `${CONFIDENTIALITY}V`];

/**
 * True when a rule's label is one of a resource's labels. `normal` takes in what has no confidentiality, and nothing
 * that is restricted as well.
 */
export function labelMatches(label: string, labels: readonly string[]): boolean {
  if (label !== NORMAL) return labels.includes(label);
  if (labels.some((other) => ABOVE_NORMAL.includes(other))) return false;
  return labels.includes(NORMAL) || !labels.some((other) => other.startsWith(CONFIDENTIALITY));
}
