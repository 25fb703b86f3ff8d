import { newPatientLike } from '../../../clients/synthea.ts';
import type { LoadRequest } from '../../load/job.ts';
import { observationCreates } from '../../target/creates.ts';
import { observationBundle } from '../../target/records.ts';
import { QUESTIONS } from '../search.ts';
import type { Side } from './sides.ts';

/** What every server is asked. */
export interface Work {
  what: string;
  connections: number;
  /** How many of what is counted a request carries; 1 unless it is said. */
  each?: number;
  /** Made for each run. */
  requests(side: Side): LoadRequest[];
  /** A run sends each request once, and lasts as long as that takes. */
  once?: true;
}

/** Observations of a transaction. */
const ENTRIES = 100;
/** Whole exports that a run loads. */
const EXPORTS = 8;
/** Connections of single requests and of transactions, unless others are asked for. */
const MANY = 32;
const FEW = 4;

/** A search of the search benchmark, for each of a side's patients. */
export const searches = (connections = MANY): Work[] =>
  QUESTIONS.map(([what, path]) => ({
    what,
    connections,
    requests({ target, patients }) {
      const paths = new Set(patients.map((patient) => path.replace('{patient}', patient)));
      return [...paths].map((one) => ({ method: 'GET', path: `${target.base}/${one}` }));
    },
  }));

export const reads = (connections = MANY): Work => ({
  what: 'read by id',
  connections,
  requests: ({ target, ids }) =>
    ids.map((id) => ({ method: 'GET', path: `${target.base}/Observation/${id}` })),
});

export const writes = (connections = MANY, few = FEW): Work[] => [
  {
    what: 'creates of an Observation',
    connections,
    requests: ({ target, patients }) => observationCreates(target, patients),
  },
  {
    what: `transactions of ${ENTRIES} Observations`,
    connections: few,
    each: ENTRIES,
    requests: ({ target, patients }) =>
      patients.map((patient) => posted(target.base, observationBundle(patient, ENTRIES))),
  },
  {
    what: 'transactions of a whole export of Synthea',
    connections: few,
    each: newPatientLike('maragret').bundle.entry?.length ?? 0,
    requests: ({ target }) =>
      Array.from({ length: EXPORTS }, () => posted(target.base, newPatientLike('maragret').bundle)),
    once: true,
  },
];

const posted = (path: string, bundle: object): LoadRequest => ({
  method: 'POST',
  path,
  body: JSON.stringify(bundle),
});
