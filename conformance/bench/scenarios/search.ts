import type { Scenario } from '../bench.ts';
import { loadColumns, loadRow, ratio } from '../report/load-rows.ts';
import { inTurns, measureBoth } from './against-bare-koa.ts';
import { filledGateway } from './filled.ts';

/** Observations of each record. */
const EACH = 100;
const CONNECTIONS = 32;

/** What clients ask most. `{patient}` stands for one of the patients, another for each request. */
export const QUESTIONS: readonly (readonly [what: string, path: string])[] = [
  ['by patient and code', 'Observation?patient={patient}&code=http://loinc.org|8867-4&_count=10'],
  ['a patient’s newest', 'Observation?patient={patient}&_sort=-date&_count=20'],
  ['by patient and date', 'Observation?patient={patient}&date=ge2026-01-01T01:00:00Z&_count=10'],
  ['by code and date', 'Observation?code=http://loinc.org|8867-4&date=ge2026-01-01T01:30:00Z&_count=10'],
  ['with their Patient', 'Observation?patient={patient}&_include=Observation:subject&_count=10'],
  ['a whole record', 'Patient/{patient}/$everything?_count=50'],
];

/** Searches: gated by consent in the database, in front of everything they count and page. */
export const search: Scenario = {
  about: 'searches of clients, beside a bare Koa server that sends the same bytes',
  async run(bench) {
    const { target, patients } = await filledGateway(bench, EACH);
    const [connections = CONNECTIONS] = bench.options.connections ?? [];
    const rows = [];
    for (const [what, path] of QUESTIONS) {
      const paths = new Set(
        patients.map((patient) => `${target.base}/${path.replace('{patient}', patient)}`),
      );
      const requests = [...paths].map((one) => ({ method: 'GET' as const, path: one }));
      const { gateway, koa } = await measureBoth(bench, target, { unit: what, requests, connections });
      rows.push({ what, ...loadRow(gateway), ratio: ratio(gateway, koa) });
    }
    return [
      {
        title: `Searches among ${patients.length * EACH} Observations of ${patients.length} patients, ${connections} connections`,
        columns: [
          { key: 'what', title: 'a search' },
          ...loadColumns('searches'),
          { key: 'ratio', title: 'of bare Koa', decimals: 2 },
        ],
        rows,
        notes: [inTurns(bench)],
      },
    ];
  },
};
