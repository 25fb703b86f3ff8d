import { existsSync, readFileSync } from 'node:fs';
import { drawSendRates } from './send-rates.ts';

const report = (
  ledger: string,
  rows: string,
) => `### The thesis's send rates, creates of Observations on ${ledger}

| offered/s | TPS | TPS of the thesis's ledger | of its central server |
| --------- | --- | -------------------------- | --------------------- |
${rows}
`;
const EMBEDDED = report(
  'the embedded ledger',
  '| 100 | 100 | 100 | 99 |\n| 3,000 | 1,547 (1,523 to 1,572) | 163 | 37 |',
);
const FABRIC = report('Fabric', '| 100 | 100 | 100 | 99 |\n| 3,000 | 429 (387 to 471) | 163 | 37 |');

test('the plot has a line and an entry in the legend for each that was measured', () => {
  const svg = drawSendRates(`${EMBEDDED}\n${FABRIC}`);
  for (const name of [
    'gateway, embedded',
    'gateway, on Fabric',
    "thesis's ledger",
    "thesis's central server",
  ])
    expect(svg).toContain(`>${name}</text>`);
  expect(svg.match(/<polyline /g)).toHaveLength(4);
  expect(svg).toContain('gateway, on Fabric: 100 at 100, 429 at 3000');
  expect(drawSendRates(EMBEDDED).match(/<polyline /g)).toHaveLength(3);
});

test('a faster line is drawn higher, and all are inside the frame', () => {
  const svg = drawSendRates(EMBEDDED);
  const ends = [...svg.matchAll(/points="([^"]+)"/g)].map(([, points = '']) =>
    points.split(' ').map((point) => point.split(',').map(Number)),
  );
  const [ours, ledger, server] = ends.map((points) => points.at(-1)?.[1] ?? NaN);
  expect(ours).toBeLessThan(ledger ?? NaN);
  expect(ledger).toBeLessThan(server ?? NaN);
  for (const [x = NaN, y = NaN] of ends.flat()) {
    expect(x > 0 && x < 760).toBe(true);
    expect(y > 0 && y < 440).toBe(true);
  }
});

test('a report without the table is told', () => {
  expect(() => drawSendRates('# Measured')).toThrow('the report has no table');
});

test('the plot that is kept is the one that the report gives', () => {
  const kept = new URL('../../../docs/send-rates.svg', import.meta.url);
  expect(existsSync(kept)).toBe(true);
  expect(readFileSync(kept, 'utf8')).toBe(
    drawSendRates(readFileSync(new URL('../RESULTS.md', import.meta.url), 'utf8')),
  );
});
