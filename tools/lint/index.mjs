import tseslint from 'typescript-eslint';
import { importRooms } from './import-rooms.mjs';
import {
  bareError, cipherCalls, cipherImports, clock, environment, leftOut, networkGlobals, outgoingPolicyOnly, pureNet, randomness, shape, sleeping,
} from './restricted.mjs';

const product = ['{apps,libs}/**/*.ts'];
const specs = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts'];
const workshop = ['{scripts,bench,test}/**/*.ts'];
const testCode = [...specs, '**/*.fake.ts', 'libs/{testing,local-parts,local-product}/**/*.ts', 'libs/adapters/src/conformance/**/*.ts'];
const rooms = {
  clock: ['libs/domain/src/clock.ts'],
  settings: ['libs/config/**/*.ts', 'apps/*/src/main.ts'],
  ciphers: ['apps/credential-vault/**/*.ts', 'libs/sealing/**/*.ts'],
  sockets: ['libs/dns-client/**/*.ts', 'libs/adapters/src/transport/**/*.ts'],
};

/** The whole configuration for the tree at `root` (absolute path); eslint.config.mjs and the planted tree of the architecture tests use it. */
export function houseRules(root) {
  return [
    { ignores: ['**/node_modules/', '**/dist/', '**/coverage/', '.data/', 'test/architecture/planted/', '**/__fixtures__/'] },
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    {
      files: ['**/*.{ts,mjs,cjs}'],
      rules: {
        'max-lines': ['error', 400],
        'no-warning-comments': ['error', { terms: ['todo', 'fixme'], location: 'anywhere' }],
      },
    },
    typed(root),
    ...importRooms(root),
    ...restrictions(),
  ];
}

/** Nest reads constructor types at run time, so `consistent-type-imports` stays off: it would turn injected classes into types. */
function typed(root) {
  return {
    files: ['{apps,libs,test,scripts,bench}/**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: root } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  };
}

/** ESLint replaces a rule's options, it does not add to them: each block says all that holds for its files, and the last block that fits counts. */
function restrictions() {
  const imports = [...cipherImports, ...pureNet];
  return [
    syntax(product, [bareError, ...clock, randomness, environment, ...shape, cipherCalls]),
    syntax(rooms.settings, [bareError, ...clock, randomness, ...shape, cipherCalls]),
    syntax(rooms.clock, [bareError, randomness, environment, ...shape, cipherCalls]),
    syntax(rooms.ciphers, [bareError, ...clock, randomness, environment, ...shape]),
    syntax(['apps/credential-vault/src/main.ts'], [bareError, ...clock, randomness, ...shape]),
    syntax([...testCode, ...workshop], shape),
    syntax(specs, [...shape, ...sleeping, leftOut]),

    importsOf(product, imports),
    importsOf(rooms.ciphers, pureNet),
    importsOf(rooms.sockets, cipherImports),
    importsOf(['apps/verifier/**/*.ts'], imports, [outgoingPolicyOnly]),
    importsOf([...testCode, ...workshop], []),

    { files: ['libs/adapters/src/{spi,base,catalogue,providers}/**/*.ts'], ignores: testCode, rules: { 'no-restricted-globals': ['error', ...networkGlobals] } },
  ];
}

function syntax(files, selectors) {
  return { files, rules: { 'no-restricted-syntax': ['error', ...selectors] } };
}
function importsOf(files, paths, patterns = []) {
  return { files, rules: { 'no-restricted-imports': ['error', { paths, patterns }] } };
}
