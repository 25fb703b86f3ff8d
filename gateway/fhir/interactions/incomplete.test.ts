import { incomplete } from './incomplete.ts';

test('a searchset that is not complete says which parameter would have brought more', () => {
  expect(incomplete([])).toEqual([]);
  const [entry] = incomplete(['_revinclude']);
  expect(JSON.parse(Buffer.from(entry ?? []).toString())).toMatchObject({
    resource: {
      resourceType: 'OperationOutcome',
      issue: [
        { severity: 'warning', code: 'too-costly', diagnostics: expect.stringContaining('_revinclude ') },
      ],
    },
    search: { mode: 'outcome' },
  });
});
