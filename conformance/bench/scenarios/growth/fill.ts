import { send } from '../../../clients/answer.ts';
import type { Bundle, BundleEntry } from '../../../clients/resource.ts';
import { fhirHeaders, type Target } from '../../target/target.ts';
import { recordEntries } from '../../target/vital-signs.ts';
import type { FilledRecord, FilledRecords } from './records.ts';

/** Observations of each record, however many records there are. */
export const EACH = 100;
/** Records of one transaction, and transactions that are under way at once. */
const RECORDS_A_BUNDLE = 3;
const AT_ONCE = 4;
/** Milliseconds after which a new token is taken: one lasts five minutes. */
const TOKEN_FOR = 120_000;
/** Observations of a record whose ids are kept. */
const KEPT = 4;

/** Opens and fills records until there are `count`, telling `say` now and then. Throws when one is not taken. */
export async function fillTo(
  target: Target,
  records: FilledRecords,
  count: number,
  say: (text: string) => void,
): Promise<void> {
  let next = records.count;
  let told = performance.now();
  const line = async (): Promise<void> => {
    let headers = await fhirHeaders(target);
    let taken = performance.now();
    while (next < count) {
      const first = next;
      next += Math.min(RECORDS_A_BUNDLE, count - first);
      if (performance.now() - taken > TOKEN_FOR) {
        headers = await fhirHeaders(target);
        taken = performance.now();
      }
      records.add(await fillRecords(target, headers, first, next - first));
      if (performance.now() - told < 10_000) continue;
      told = performance.now();
      say(`${(records.count * EACH).toLocaleString('en-GB')} Observations`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
}

/** Opens and fills so many records in one transaction, from record `first` on. */
async function fillRecords(
  { origin, base }: Target,
  headers: Readonly<Record<string, string>>,
  first: number,
  count: number,
): Promise<FilledRecord[]> {
  const entries = Array.from({ length: count }, (_, at) => recordEntries(first + at, EACH));
  const answer = await send(origin + base, {
    method: 'POST',
    headers,
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: entries.flat() }),
  });
  if (answer.status !== 200) throw new Error(`a transaction: ${answer.status} ${answer.text.slice(0, 500)}`);
  const { entry = [] } = JSON.parse(answer.text) as Bundle;
  const ids = entry.map(idOf);
  return entries.map(({ length }, at) => {
    const [patient = '', ...observations] = ids.slice(at * length, (at + 1) * length);
    const step = Math.floor(observations.length / KEPT);
    return { patient, observations: observations.filter((_, number) => number % step === 0) };
  });
}

function idOf({ response }: BundleEntry): string {
  const id = /(?:^|\/)(?:Patient|Observation)\/([^/]+)/.exec(response?.location ?? '')?.[1];
  if (id === undefined) throw new Error(`nothing came of an entry: ${JSON.stringify(response)}`);
  return id;
}
