import { formatTable } from './table.ts';

test('a table shows medians with their spread, and nothing where there is nothing to say', () => {
  const text = formatTable({
    title: 'Reads',
    columns: [
      { key: 'server', title: 'server' },
      { key: 'rate', title: 'reads/s' },
      { key: 'p50', title: 'p50 ms', decimals: 1 },
      { key: 'ratio', title: 'of the rival', decimals: 2 },
    ],
    rows: [
      {
        server: 'gateway',
        rate: { median: 1500.4, min: 1400, max: 1600 },
        p50: 2.25,
        ratio: { median: 0.5, min: 0.5, max: 0.5 },
      },
      { server: 'rival', rate: Number.NaN, p50: 1 },
    ],
    notes: ['One run.'],
  });
  expect(text).toBe(`### Reads

| server  | reads/s                | p50 ms | of the rival |
| ------- | ---------------------- | ------ | ------------ |
| gateway | 1,500 (1,400 to 1,600) | 2.3    | 0.50         |
| rival   | -                      | 1.0    |              |

One run.
`);
});
