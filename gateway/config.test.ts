import { ConfigError, readConfig } from './config.ts';

const good = { MASTER_SECRET: 'x'.repeat(32), ORGANISATIONS: 'HospitalMSP=hospital=Hospital' };

test('without secrets it says everything that is missing, at once', () => {
  expect(() => readConfig({}, false)).toThrow(ConfigError);
  expect(() => readConfig({}, false)).toThrow(
    /MASTER_SECRET[\s\S]*ORGANISATIONS|ORGANISATIONS[\s\S]*MASTER_SECRET/,
  );
});

test('the demo needs nothing', () => {
  expect(readConfig({}, true)).toMatchObject({
    port: 8080,
    baseUrl: 'http://localhost:8080',
    host: '127.0.0.1',
  });
});

test.each([
  [{ ...good, PORT: 'eighty' }, /PORT/],
  [{ ...good, MASTER_SECRET: 'short' }, /MASTER_SECRET/],
  [{ ...good, ORGANISATIONS: 'nonsense' }, /ORGANISATIONS/],
  [{ ...good, LEDGER: 'connection.json' }, /LEDGER/],
  [{ ...good, INDEX_URL: 'postgres://x' }, /INDEX_URL/],
  [{ ...good, MAX_BODY: '1' }, /MAX_BODY/],
])('a wrong value is named: %j', (env, name) => {
  expect(() => readConfig(env, false)).toThrow(name);
});

test('what is configured is taken', () => {
  const env = { ...good, PORT: '9000', BASE_URL: 'https://fhir.example/', DATA_DIR: '/data' };
  expect(readConfig(env, false)).toMatchObject({
    port: 9000,
    baseUrl: 'https://fhir.example',
    dataDir: '/data',
    indexFile: '/data/index.db',
    organisations: [{ mspId: 'HospitalMSP', organization: 'hospital', name: 'Hospital' }],
  });
});
