import type { LoadRequest } from '../../load/job.ts';
import { vitalSign } from '../../target/vital-signs.ts';
import type { FilledRecord } from './records.ts';

/** What is asked of a ledger of every size. */
export interface Question {
  what: string;
  requests: LoadRequest[];
}

/** A day in the middle of the years in which everything was measured. */
const DAY = 'date=ge2023-06-15&date=lt2023-06-16';
const CODE = 'code=http://loinc.org|8867-4';

const get = (path: string): LoadRequest => ({ method: 'GET', path });

/** The questions; those about one patient are asked about many of the records in turn. */
export function questionsOf(base: string, records: readonly FilledRecord[]): Question[] {
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
    { what: 'by code and date', requests: [get(`${base}/Observation?${CODE}&${DAY}`)] },
    {
      what: 'a patient’s newest',
      requests: ofEach((patient) => `Observation?patient=${patient}&_sort=-date&_count=20`),
    },
    { what: 'the newest of all', requests: [get(`${base}/Observation?_sort=-date&_count=20`)] },
    { what: 'a whole record', requests: ofEach((patient) => `Patient/${patient}/$everything`) },
    {
      what: 'create',
      requests: records.map(({ patient }, number) => ({
        method: 'POST',
        path: `${base}/Observation`,
        body: JSON.stringify(vitalSign(`Patient/${patient}`, number, number)),
      })),
    },
  ];
}

/** The search that stands for a question, where it is one: `Type?parameters`. */
export function searchOf({ requests: [first] }: Question, base: string): string | undefined {
  const path = first?.method === 'GET' ? first.path.slice(base.length + 1) : '';
  return path.includes('?') ? path : undefined;
}
