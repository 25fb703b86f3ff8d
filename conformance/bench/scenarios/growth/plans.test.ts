import { readPlan, readingSteps, scansOf } from './plans.ts';

const said = `select a from b
  SCAN begun
  SEARCH m USING INTEGER PRIMARY KEY (rowid=?)
select c
  SCAN CONSTANT ROW
`;

test('a plan is read statement by statement', () => {
  expect(readPlan(said)).toEqual([
    { text: 'select a from b', steps: ['SCAN begun', 'SEARCH m USING INTEGER PRIMARY KEY (rowid=?)'] },
    { text: 'select c', steps: ['SCAN CONSTANT ROW'] },
  ]);
});

test.each([
  [['SCAN begun', 'SCAN CONSTANT ROW', 'SEARCH v USING PRIMARY KEY (parameter=? AND term=?)'], []],
  [
    ['SCAN resource', 'SCAN d'],
    ['SCAN resource', 'SCAN d'],
  ],
  [
    [
      'SEARCH m USING INDEX resource_type (type=?)',
      'SEARCH m USING INDEX resource_type (type=? AND patient=?)',
    ],
    ['SEARCH m USING INDEX resource_type (type=?)'],
  ],
  [
    ['SEARCH v USING PRIMARY KEY (parameter=?)', 'SEARCH d USING COVERING INDEX date_time (parameter=?)'],
    ['SEARCH v USING PRIMARY KEY (parameter=?)'],
  ],
])('of %j, these scan: %j', (steps, scans) => {
  expect(scansOf([{ text: '', steps }])).toEqual(scans);
});

test('what reads nothing is left out, and what is done twice is shown once', () => {
  const steps = ['MATERIALIZE page', 'SCAN page', 'CORRELATED SCALAR SUBQUERY 5', 'SCAN page'];
  expect(readingSteps([{ text: '', steps }])).toEqual(['SCAN page']);
});
