const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
};
const project = (displayName, testMatch) => ({
  displayName,
  testMatch,
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
});

/** unit: beside the code, no server. integration: a gateway in this process. fabric: needs FABRIC_BIN. conformance: black box over a URL. */
export default {
  maxWorkers: 2,
  testTimeout: 300_000,
  projects: [
    project('unit', [
      '<rootDir>/{chaincode,mappings,network,gateway,tools}/**/!(*.integration|*.fabric).test.ts',
    ]),
    project('integration', ['<rootDir>/{mappings,network,gateway}/**/*.integration.test.ts']),
    {
      ...project('fabric', ['<rootDir>/{network,gateway,conformance}/**/*.fabric.test.ts']),
      globalSetup: '<rootDir>/network/fabric/testing/setup.mjs',
      globalTeardown: '<rootDir>/network/fabric/testing/teardown.mjs',
    },
    project('conformance', ['<rootDir>/conformance/**/!(*.fabric).test.ts']),
  ],
};
