import boundaries from 'eslint-plugin-boundaries';
import { apps, rooms, testRooms, workshops } from './rooms.mjs';

/** Files that are tests or play somebody else's server: they may use the test rooms, and no product file may import them. */
const testFiles = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts'];

/**
 * What a file is inside its app, by its name. The first row that fits counts. `closed` names what it may not import: an endpoint or a
 * handler knows its use case, a use case knows ports and domain, and only the app's own module knows ports and infrastructure both.
 */
const roles = [
  { category: 'spec', pattern: testFiles },
  { category: 'fake', pattern: '**/*.fake.ts' },
  { category: 'entry', pattern: 'apps/*/src/main.ts', closed: ['endpoint', 'handler', 'use-case'] },
  { category: 'composition', pattern: apps.map((app) => `apps/${app}/src/${app}.module.ts`), closed: ['entry'] },
  // Smaller modules, and the plain lists of endpoints or handlers that a module takes.
  { category: 'part', pattern: ['apps/*/src/**/*.module.ts', 'apps/*/src/**/{endpoints,handlers}.ts'], closed: ['entry', 'composition', 'infrastructure'] },
  { category: 'infrastructure', pattern: 'apps/*/src/**/infrastructure/**', closed: ['entry', 'composition', 'part', 'endpoint', 'handler', 'use-case'] },
  { category: 'port', pattern: ['apps/*/src/**/ports/**', 'apps/*/src/**/*.port.ts'], closed: ['entry', 'composition', 'part', 'infrastructure', 'endpoint', 'handler', 'use-case'] },
  { category: 'endpoint', pattern: 'apps/*/src/**/*.endpoint.ts', closed: ['entry', 'composition', 'part', 'infrastructure', 'handler', 'endpoint'] },
  { category: 'handler', pattern: 'apps/*/src/**/*.handler.ts', closed: ['entry', 'composition', 'part', 'infrastructure', 'endpoint', 'handler'] },
  { category: 'use-case', pattern: 'apps/*/src/**/*.use-case.ts', closed: ['entry', 'composition', 'part', 'infrastructure', 'endpoint', 'handler'] },
  // Whatever else there is: guards, sweepers and plain functions. Every file needs a category, or a selector such as "not a spec" does not fit it.
  { category: 'inside', pattern: 'apps/*/src/**', closed: ['entry', 'composition', 'part', 'infrastructure', 'endpoint', 'handler'] },
  { category: 'library', pattern: rooms.map((room) => `${room.folder}/**`) },
];

const packages = { module: { origin: ['external', 'core'] } };
const productFile = { file: { categories: '!{spec,fake}' } };

/**
 * The policies for the files of one room; the last one that fits decides, so general ones come first. Only what concerns the room: the plugin
 * tries every policy for every import, and one list for the whole house made it the slowest rule by far.
 */
function policiesOf(room) {
  const itself = element([room.name], room.capture && ownFolder(room.capture));
  return [
    { allow: { to: [packages, element(room.mayImport)] } },
    {
      from: { file: { categories: ['spec', 'fake'] } },
      // Beside the test rooms what a provider's spec needs to run on real servers and to look by another way.
      allow: { to: element([...testRooms, 'spi', 'base', 'transport', 'dns-client']) },
    },
    throughTheDoor(),
    ...(room.name === 'catalogue' ? [{ allow: { to: { element: { type: 'provider', fileInternalPath: '{descriptor,credential}.ts' } } } }] : []),
    { allow: { to: itself } },
    ...(apps.includes(room.name) ? wayThroughAnApp() : []),
    ...(testRooms.includes(room.name) ? [] : [{
      from: productFile,
      disallow: { to: [{ file: { categories: ['spec', 'fake'] } }, element(testRooms)] },
      message: 'Product code never imports tests, fakes, the conformance suite or local parts.',
    }]),
    ...(room.packages ? [{
      from: productFile,
      disallow: { to: packages },
      message: `The room ${room.name} may use only these packages: ${room.packages.join(', ')} (tools/lint/rooms.mjs).`,
    }, { allow: { to: { module: { ...packages.module, source: room.packages } } } }] : []),
  ];
}

/** Scripts, benchmarks and tests of the whole open every door, but only doors. */
const policiesOfWorkshops = [{ allow: { to: [packages, element([...rooms, ...workshops].map((each) => each.name))] } }, throughTheDoor()];

/**
 * Import rooms for the tree at `root` (absolute path).
 * The TypeScript resolver is needed: without it the plugin cannot follow `@connect/*` and sees nothing.
 */
export function importRooms(root) {
  return [
    {
      files: ['{apps,libs,test,scripts,bench}/**/*.ts'],
      plugins: { boundaries },
      settings: {
        'boundaries/root-path': root,
        'boundaries/legacy-templates': false,
        'boundaries/elements': [...rooms, ...workshops].map((each) => ({
          type: each.name, pattern: each.folder, partialMatch: false, ...(each.capture && { capture: each.capture }),
        })),
        'boundaries/files': roles.map(({ category, pattern }) => ({ category, pattern })),
        'boundaries/files-single-match': true,
        'boundaries/dependency-nodes': ['require', 'import', 'dynamic-import', 'export'],
        'import/resolver': { typescript: { project: `${root}/tsconfig.json`, alwaysTryTypes: true } },
      },
      rules: { 'boundaries/no-unknown-files': 'error', ...dependencies(policiesOfWorkshops) },
    },
    // The first row that fits names a room, the last block that fits holds for a file.
    ...rooms.toReversed().map((room) => ({ files: [`${room.folder}/**/*.ts`], rules: dependencies(policiesOf(room)) })),
  ];
}

function dependencies(policies) {
  return {
    'boundaries/dependencies': ['error', {
      default: 'disallow', checkAllOrigins: true, checkUnknownLocals: true, checkInternals: true, policies,
      message: 'The room {{from.element.types}} may not import {{to.element.types}} (tools/lint/rooms.mjs).',
    }],
  };
}

function throughTheDoor() {
  return {
    disallow: { to: { element: { types: { anyOf: rooms.map((room) => room.name) }, fileInternalPath: '!{index.ts,src/index.ts,src/*/index.ts}' }, file: { categories: '!fake' } } },
    message: 'A library is imported by its door, `@connect/<lib>` or `@connect/<lib>/<part>`.',
  };
}

function wayThroughAnApp() {
  return roles.filter((role) => role.closed).map((role) => ({
    from: { file: { categories: role.category } },
    disallow: { to: { element: { types: { anyOf: apps } }, file: { categories: role.closed } } },
    message: 'In an app the way is endpoint or handler → use case → ports and domain; {{from.file.categories}} may not import {{to.file.categories}} (tools/lint/import-rooms.mjs).',
  }));
}

function element(names, captured) {
  return { element: { types: { anyOf: names }, ...(captured && { captured }) } };
}
function ownFolder([name]) {
  return { [name]: `{{ from.element.captured.${name} }}` };
}
