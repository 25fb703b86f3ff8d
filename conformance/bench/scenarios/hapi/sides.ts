import { join } from 'node:path';
import type { Bench } from '../../bench.ts';
import { startHapi } from '../../servers/hapi.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { loadDemoData } from '../../target/demo-data.ts';
import { fillRecords, openRecords } from '../../target/records.ts';
import type { Target } from '../../target/target.ts';

/** Observations of each record. */
export const EACH = 100;

/** A server with the same records as the others: their Patients' and Observations' ids are its own. */
export interface Side {
  name: string;
  /** Its version, and what it runs on. */
  software?: string;
  target: Target;
  patients: readonly string[];
  ids: readonly string[];
}

/** The gateway's side: a demo on the embedded ledger. */
export async function gatewaySide(bench: Bench): Promise<Side> {
  return filled(bench, { name: 'gateway', target: await bench.gateway() });
}

/** HAPI on each database, for as long as the benchmark. */
export async function hapiSides(bench: Bench): Promise<Side[]> {
  const postgres = await startPostgres();
  bench.atEnd(() => postgres.stop());
  return [
    await hapiSide(bench, 'HAPI on H2', `jdbc:h2:file:${join(bench.folder(), 'h2')}`),
    await hapiSide(bench, 'HAPI on PostgreSQL', jdbc(postgres.url)),
  ];
}

async function hapiSide(bench: Bench, name: string, databaseUrl: string): Promise<Side> {
  bench.say(`starting ${name}`);
  const { origin, base, ready, stop } = await startHapi(databaseUrl);
  bench.atEnd(stop);
  const software = await ready;
  const target = { origin, base };
  await loadDemoData(target);
  return filled(bench, { name, software, target });
}

async function filled(bench: Bench, side: Pick<Side, 'name' | 'software' | 'target'>): Promise<Side> {
  bench.say(`${side.name}: filling records`);
  const patients = await openRecords(side.target, bench.options.patients);
  return { ...side, patients, ids: await fillRecords(side.target, patients, EACH) };
}

/** `postgres://user:password@host/database` as Java has it. */
function jdbc(url: string): string {
  const { username, password, host, pathname } = new URL(url);
  return `jdbc:postgresql://${host}${pathname}?user=${username}&password=${password}`;
}
