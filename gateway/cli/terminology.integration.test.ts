import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, type Installation } from './testing/installation.ts';

let hospital: Installation;

beforeAll(async () => {
  hospital = await install();
});
afterAll(() => hospital.remove());

const terminology = (...args: string[]) => hospital.run('terminology', args);
const wards = {
  resourceType: 'CodeSystem',
  id: 'wards',
  url: 'urn:wards',
  status: 'active',
  content: 'complete',
};

test('definitions are loaded, listed and removed', () => {
  const file = join(hospital.dataDir, 'wards.json');
  writeFileSync(file, JSON.stringify({ ...wards, version: '1', concept: [{ code: 'a' }, { code: 'b' }] }));
  expect(terminology('load', file)).toEqual({
    code: 0,
    said: 'loaded 1 CodeSystem, with 2 concepts\n',
    wrong: '',
  });
  expect(terminology('list').said).toBe('CodeSystem urn:wards|1 2 concepts\n');
  expect(terminology('remove', 'urn:wards', '2')).toMatchObject({
    code: 1,
    wrong: 'urn:wards is not among what was loaded.\n',
  });
  expect(terminology('remove', 'urn:wards')).toMatchObject({ code: 0, said: 'removed 1\n' });
  expect(terminology('list')).toEqual({ code: 0, said: '', wrong: '' });
});

test('what is wrong with a file is said', () => {
  const file = join(hospital.dataDir, 'wrong.json');
  writeFileSync(file, JSON.stringify({ ...wards, url: undefined }));
  expect(terminology('load', file)).toEqual({
    code: 1,
    said: '',
    wrong: `${file}: the CodeSystem has no url\n`,
  });
});

test.each([[[]], [['load']], [['list', 'all']], [['unload', 'x']]])(
  '%j is answered with the usage',
  (args) => {
    expect(terminology(...args)).toMatchObject({
      code: 2,
      wrong: expect.stringContaining('usage: npm run terminology'),
    });
  },
);
