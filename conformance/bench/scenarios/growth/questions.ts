import type { LoadRequest } from '../../load/job.ts';
import { vitalSign } from '../../target/vital-signs.ts';
import type { FilledRecord } from './records.ts';

/** What is asked of a ledger of every size. */
export interface Question {
  what: string;
  requests: LoadRequest[];
}

/** Days that are asked about, spread over the years in which everything was measured. */
const DAYS = 200;
const FIRST_DAY = Date.UTC(2021, 0, 1);
const DAY = 24 * 60 * 60 * 1000;
/** Days between two that are asked about: all of them together are within the five years. */
const STEP = 9;

const CODE = 'code=http://loinc.org|8867-4';

const get = (path: string): LoadRequest => ({ method: 'GET', path });

/**
 * The questions, each about many of the records or days, so that no answer is asked for again and again. What is created
 * goes into the records of `newcomers`: the others stay as they are.
 */
export function questionsOf(
  base: string,
  records: readonly FilledRecord[],
  newcomers: readonly string[],
): Question[] {
  const ofEach = (path: (patient: string) => string) =>
    records.map(({ patient }) => get(`${base}/${path(patient)}`));
  return [
    {
      what: 'read',
      requests: records.flatMap(({ observations }) =>
        observations.map((id) => get(`${base}/Observation/${id}`)),
      ),
    },
    {
      what: 'by patient and code',
      requests: ofEach((patient) => `Observation?patient=${patient}&${CODE}`),
    },
    {
      what: 'by code and date',
      requests: Array.from({ length: DAYS }, (_, at) =>
        get(`${base}/Observation?${CODE}&date=ge${day(at * STEP)}&date=lt${day(at * STEP + 1)}`),
      ),
    },
    {
      what: 'a patient’s newest',
      requests: ofEach((patient) => `Observation?patient=${patient}&_sort=-date&_count=20`),
    },
    { what: 'the newest of all', requests: [get(`${base}/Observation?_sort=-date&_count=20`)] },
    { what: 'a whole record', requests: ofEach((patient) => `Patient/${patient}/$everything`) },
    {
      what: 'create',
      requests: newcomers.map((patient, number) => ({
        method: 'POST',
        path: `${base}/Observation`,
        body: JSON.stringify(vitalSign(`Patient/${patient}`, number, number)),
      })),
    },
  ];
}

const day = (number: number): string => new Date(FIRST_DAY + number * DAY).toISOString().slice(0, 10);

/** The search that stands for a question, where it is one, as `npm run index -- plan` takes it. */
export function searchOf({ requests: [first] }: Question, base: string): string | undefined {
  const path = first?.method === 'GET' ? first.path.slice(base.length + 1) : '';
  return /[?$]/.test(path) ? path : undefined;
}
