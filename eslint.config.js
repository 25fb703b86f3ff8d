import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The import table of docs/design: which folder may import which of ours, and only through its public entry. */
const ours = '@fhir-fabric-gateway/';
const table = {
  chaincode: [],
  mappings: ['chaincode/api'],
  network: ['chaincode', 'chaincode/api'],
  gateway: ['mappings', 'chaincode/api'],
  conformance: [],
};
const entries = ['chaincode', 'chaincode/api', 'mappings', 'network', 'gateway'];

const folders = Object.keys(table);

/** `own`: the folder that the files are in, inside which a folder may have the name of the folder itself. */
const imports = (own, files, allowed, ignores = []) => ({
  files,
  ignores,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: entries
          .filter((entry) => !allowed.includes(entry))
          .map((entry) => ({
            name: ours + entry,
            message: 'The import table does not allow this folder to import it.',
          })),
        patterns: [
          {
            regex: `^${ours}(?!(${entries.join('|')})$)`,
            message: 'Import another folder through its public entry, not through its inside.',
          },
          {
            regex: `^(\\.\\./)+(${folders.filter((folder) => folder !== own).join('|')})/`,
            message: 'Import another folder by its package name.',
          },
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/generated/**', '.data/**', '**/fixtures/**'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  ...Object.entries(table).map(([folder, allowed]) =>
    imports(
      folder,
      [`${folder}/**/*.ts`],
      allowed,
      folder === 'gateway' ? ['gateway/main.ts', 'gateway/cli/**'] : [],
    ),
  ),
  imports('gateway', ['gateway/main.ts', 'gateway/cli/**/*.ts'], [...table.gateway, 'network']),
);
