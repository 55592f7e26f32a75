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
  { category: 'part', pattern: 'apps/*/src/**/*.module.ts', closed: ['entry', 'composition', 'infrastructure'] },
  { category: 'infrastructure', pattern: 'apps/*/src/**/infrastructure/**', closed: ['entry', 'composition', 'part', 'endpoint', 'handler', 'use-case'] },
  { category: 'port', pattern: ['apps/*/src/**/ports/**', 'apps/*/src/**/*.port.ts'], closed: ['entry', 'composition', 'part', 'infrastructure', 'endpoint', 'handler', 'use-case'] },
  { category: 'endpoint', pattern: 'apps/*/src/**/*.endpoint.ts', closed: ['entry', 'composition', 'part', 'infrastructure', 'handler', 'endpoint'] },
  { category: 'handler', pattern: 'apps/*/src/**/*.handler.ts', closed: ['entry', 'composition', 'part', 'infrastructure', 'endpoint', 'handler'] },
  { category: 'use-case', pattern: 'apps/*/src/**/*.use-case.ts', closed: ['entry', 'composition', 'part', 'infrastructure', 'endpoint', 'handler'] },
  // Whatever else there is. Every file needs a category, or a selector such as "not a spec" does not fit it.
  { category: 'inside', pattern: 'apps/*/src/**', closed: ['entry', 'composition', 'part', 'infrastructure', 'endpoint', 'handler', 'use-case'] },
  { category: 'library', pattern: rooms.map((room) => `${room.folder}/**`) },
];

/** The last policy that fits decides, so general ones come first. */
const policies = [
  ...rooms.filter((room) => room.mayImport.length > 0).map((room) => ({ from: element(room.name), allow: { to: room.mayImport.map((name) => element(name)) } })),
  ...workshops.map((workshop) => ({ from: element(workshop.name), allow: { to: [...rooms, ...workshops].map((each) => element(each.name)) } })),
  {
    from: { file: { categories: ['spec', 'fake'] } },
    // Beside the test rooms what a provider's spec needs to run on real servers and to look by another way.
    allow: { to: [...testRooms, 'spi', 'base', 'transport', 'dns-client'].map((name) => element(name)) },
  },
  {
    disallow: { to: { element: { types: { anyOf: rooms.map((room) => room.name) }, fileInternalPath: '!{index.ts,src/index.ts,src/*/index.ts}' }, file: { categories: '!fake' } } },
    message: 'A library is imported by its door, `@connect/<lib>` or `@connect/<lib>/<part>`.',
  },
  { from: element('catalogue'), allow: { to: { element: { type: 'provider', fileInternalPath: '{descriptor,credential}.ts' } } } },
  ...rooms.map((room) => ({
    from: element(room.name, room.capture && ownFolder(room.capture)),
    allow: { to: element(room.name, room.capture && ownFolder(room.capture)) },
  })),
  ...roles.filter((role) => role.closed).map((role) => ({
    from: { file: { categories: role.category } },
    disallow: { to: { element: { types: { anyOf: apps } }, file: { categories: role.closed } } },
    message: `In an app the way is endpoint or handler → use case → ports and domain; {{from.file.categories}} may not import {{to.file.categories}} (tools/lint/import-rooms.mjs).`,
  })),
  {
    from: { element: { types: { anyOf: rooms.filter((room) => !testRooms.includes(room.name)).map((room) => room.name) } }, file: { categories: '!{spec,fake}' } },
    disallow: { to: [{ file: { categories: ['spec', 'fake'] } }, ...testRooms.map((name) => element(name))] },
    message: 'Product code never imports tests, fakes, the conformance suite or local parts.',
  },
  { allow: { to: { module: { origin: ['external', 'core'] } } } },
  ...rooms.filter((room) => room.packages).map((room) => ({
    from: { element: { type: room.name }, file: { categories: '!{spec,fake}' } },
    disallow: { to: { module: { origin: ['external', 'core'] } } },
    message: `The room ${room.name} may use only these packages: ${room.packages.join(', ')} (tools/lint/rooms.mjs).`,
  })),
  ...rooms.filter((room) => room.packages).map((room) => ({
    from: { element: { type: room.name } },
    allow: { to: { module: { origin: ['external', 'core'], source: room.packages } } },
  })),
];

/**
 * Import rooms for the tree at `root` (absolute path).
 * The TypeScript resolver is needed: without it the plugin cannot follow `@connect/*` and sees nothing.
 */
export function importRooms(root) {
  return {
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
    rules: {
      'boundaries/dependencies': ['error', {
        default: 'disallow', checkAllOrigins: true, checkUnknownLocals: true, checkInternals: true, policies,
        message: 'The room {{from.element.types}} may not import {{to.element.types}} (tools/lint/rooms.mjs).',
      }],
      'boundaries/no-unknown-files': 'error',
    },
  };
}

function element(type, captured) {
  return { element: { type, ...(captured && { captured }) } };
}
function ownFolder([name]) {
  return { [name]: `{{ from.element.captured.${name} }}` };
}
