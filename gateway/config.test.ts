import { ConfigError, readConfig, type Environment } from './config.ts';

const good = { MASTER_SECRET: 'x'.repeat(32), ORGANISATIONS: 'HospitalMSP=hospital=Hospital;LabMSP=lab=Lab' };

const read = (env: Environment, demo = false) =>
  readConfig(env, demo, (connection) => {
    if (!connection.endsWith('/lab.json')) throw new Error(`${connection} cannot be read`);
    return 'LabMSP';
  });

test('without secrets it says everything that is missing, at once', () => {
  expect(() => read({})).toThrow(ConfigError);
  expect(() => read({})).toThrow(/MASTER_SECRET[\s\S]*ORGANISATIONS|ORGANISATIONS[\s\S]*MASTER_SECRET/);
});

test('the demo needs nothing', () => {
  expect(read({}, true)).toMatchObject({
    port: 8080,
    baseUrl: 'http://localhost:8080',
    host: '127.0.0.1',
    ledger: { engine: 'embedded' },
    maxStale: 30_000,
  });
});

test.each([
  [{ ...good, PORT: 'eighty' }, /PORT/],
  [{ ...good, MASTER_SECRET: 'short' }, /MASTER_SECRET/],
  [{ ...good, ORGANISATIONS: 'nonsense' }, /ORGANISATIONS/],
  [{ ...good, LEDGER: 'nothing.json' }, /LEDGER .*\/nothing\.json cannot be read/],
  [
    { ...good, LEDGER: 'lab.json', ORGANISATIONS: 'HospitalMSP=hospital=H' },
    /ORGANISATIONS does not name LabMSP/,
  ],
  [{ ...good, INDEX_URL: 'postgres://db:port/x' }, /INDEX_URL/],
  [{ ...good, INDEX_URL: 'mysql://host/x' }, /INDEX_URL/],
  [{ ...good, MAX_STALE: '0' }, /MAX_STALE/],
  [{ ...good, MAX_STALE: 'soon' }, /MAX_STALE/],
  [{ ...good, MAX_BODY: '1' }, /MAX_BODY/],
])('a wrong value is named: %j', (env, name) => {
  expect(() => read(env)).toThrow(name);
});

test('what is configured is taken', () => {
  const env = { ...good, PORT: '9000', BASE_URL: 'https://fhir.example/', DATA_DIR: '/data', MAX_STALE: '5' };
  expect(read(env)).toMatchObject({
    port: 9000,
    baseUrl: 'https://fhir.example',
    dataDir: '/data',
    indexUrl: '/data/index.db',
    maxStale: 5000,
    organisations: [
      { mspId: 'HospitalMSP', organization: 'hospital', name: 'Hospital' },
      { mspId: 'LabMSP', organization: 'lab', name: 'Lab' },
    ],
  });
});

test('on the embedded ledger all organisations are this gateway’s, on Fabric the one of the connection file', () => {
  expect(read(good).own).toEqual(read(good).organisations);
  const { ledger, own, indexUrl } = read({
    ...good,
    LEDGER: '/net/lab.json',
    INDEX_URL: 'postgres://u:p@db/x',
  });
  expect(ledger).toEqual({ engine: 'fabric', connection: '/net/lab.json' });
  expect(own).toEqual([{ mspId: 'LabMSP', organization: 'lab', name: 'Lab' }]);
  expect(indexUrl).toBe('postgres://u:p@db/x');
});
