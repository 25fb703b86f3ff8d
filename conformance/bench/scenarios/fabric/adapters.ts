import type { Bench } from '../../bench.ts';
import type { Row, Table } from '../../report/table.ts';
import type { FabricDriver } from '../../servers/fabric-driver.ts';
import { spread, type Sample } from './samples.ts';
import { withoutGateway } from './without-gateway.ts';

const CALLS = 64;

/** Both client libraries in turns: what they submit and evaluate a second. */
export async function adapters(bench: Bench, driver: FabricDriver): Promise<Table> {
  const common = { calls: CALLS, identities: 1 };
  const [ours, theirs] = [
    { adapter: 'fabric-gateway', ...common },
    { adapter: 'fabric-network', ...common },
  ] as const;
  const rows: Row[] = [];
  for (const [load, title] of [
    ['single', 'single submits'],
    ['coalesced', 'creates that share transactions'],
    ['empty', 'empty submits'],
    ['evaluate', 'evaluations'],
  ] as const) {
    const found = await withoutGateway(bench, driver, {
      'fabric-gateway': { do: load, ...ours },
      'fabric-network': { do: load, ...theirs },
    });
    for (const [adapter, samples] of Object.entries(found))
      rows.push({ load: title, adapter, ...row(samples) });
  }
  return {
    title: `Both client libraries without a gateway, ${CALLS} calls at a time, one identity`,
    columns: [
      { key: 'load', title: 'load' },
      { key: 'adapter', title: 'library' },
      { key: 'perSecond', title: 'a second' },
      { key: 'p50', title: 'p50 ms' },
      { key: 'p99', title: 'p99 ms' },
      { key: 'failed', title: 'failed' },
    ],
    rows,
  };
}

const row = (samples: readonly Sample[]): Row => ({
  perSecond: spread(samples, (sample) => sample.perSecond),
  p50: spread(samples, ({ p50 }) => p50),
  p99: spread(samples, ({ p99 }) => p99),
  failed: samples.reduce((sum, { failed }) => sum + failed, 0),
});
