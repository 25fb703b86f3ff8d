import { readFileSync } from 'node:fs';
import type { Bundle, Resource } from '../../clients/resource.ts';
import { post, type Target } from './target.ts';

const FIXTURES = new URL('../../../fixtures/synthea/', import.meta.url);
/** The directory before the records that refer to it. */
const EXPORTS = [
  'hospitals',
  'practitioners',
  ...['maragret', 'shannon', 'clyde', 'dionne', 'lashawnda'].map((name) => `patient-${name}`),
];

/** Loads what a demo's gateway has from its start, Synthea's exports, into another server. Throws when it takes not all. */
export async function loadDemoData(target: Target): Promise<void> {
  for (const name of EXPORTS) {
    const bundle = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as Resource;
    const { entry = [] } = await post<Bundle & Resource>(target, bundle);
    const refused = entry.findIndex(({ response }) => !response?.status.startsWith('2'));
    if (refused >= 0) throw new Error(`entry ${refused} of ${name} was refused`);
  }
}
