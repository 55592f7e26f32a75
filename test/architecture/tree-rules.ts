import { basename } from 'node:path';

/** What the last part of a file's name may say, and the reason for having it. A new role is a row here. */
export const roles: Record<string, string> = {
  endpoint: 'one HTTP route', handler: 'message in, outcome out', 'use-case': 'the story', port: 'what a use case needs', store: 'a port on Postgres',
  config: 'the settings of an app', module: 'wiring', decision: 'what a fact means for a state', fake: 'plays somebody else’s server',
  view: 'what leaves by HTTP', guard: 'Nest’s word', pipe: 'Nest’s word', filter: 'Nest’s word', interceptor: 'Nest’s word', decorator: 'Nest’s word',
  data: 'a table that is only data', generated: 'written by npm run generate',
  spec: 'pure test', 'int-spec': 'test with real parts', 'e2e-spec': 'test of the whole', conformance: 'the suite on one provider',
};

const kebab = '[a-z0-9]+(-[a-z0-9]+)*';
const fileName = new RegExp(`^${kebab}(\\.v[0-9]+)?((\\.(${Object.keys(roles).join('|')}))*)\\.(ts|mjs|cjs|d\\.ts|d\\.mts)$`);
const folderName = new RegExp(`^(${kebab}|__fixtures__)$`);

/** Why the name of this source file is not one of ours, or undefined. `path` is relative to the repository. */
export function refuseName(path: string): string | undefined {
  const folders = path.split('/').slice(0, -1);
  const folder = folders.find((each) => !folderName.test(each));
  if (folder !== undefined) return `folder ${folder} is not kebab-case`;
  if (!fileName.test(basename(path))) return 'not kebab-case with a role of tree-rules.ts at its end';
  if (path.endsWith('.endpoint.ts') && !path.startsWith('apps/gateway/src/http/')) return 'endpoints live in apps/gateway/src/http/<resource>/';
  if (path.endsWith('.e2e-spec.ts') && !path.startsWith('test/')) return 'tests of the whole live in test/';
  return undefined;
}

/** A machine's own folders and package registries have no place in the repository: they are true on one machine only. */
const machineBound = [
  /(?<![\w.-])\/(?:work|root|Users|export\/home)\/[\w.-]/,
  /(?<![\w.-])\/home\/(?!node\/)[a-z][\w-]*\//,
  /(?<![\w.-])\/tmp\/(?:brief|issues)/,
  /[A-Z]:\\Users\\/,
  /https?:\/\/(?:[\w.-]*\.)?(?:registry|artifactory|nexus|verdaccio|npm)[\w-]*\.[\w.-]+/,
  /"resolved"\s*:/,
];

/** What in this text is true on one machine only, or undefined. */
export function machineBoundText(text: string): string | undefined {
  for (const pattern of machineBound) {
    const found = pattern.exec(text);
    if (found !== null) return text.slice(found.index, found.index + 60).split('\n')[0];
  }
  return undefined;
}

const always = ['index.ts', 'descriptor.ts', 'credential.ts', 'adapter.ts', 'convert.ts', 'errors.ts', 'audit.ts', 'README.md', 'convert.spec.ts', 'errors.spec.ts'];
const overHttp = ['client.ts', 'schema.ts'];
/** Spoken to by DNS messages, not by JSON over HTTP. */
const withoutHttp = new Set(['rfc2136']);

/**
 * Which files the folder of provider `id` lacks. A provider that can run as a real server in tests proves itself on it
 * (`<id>.conformance.int-spec.ts`) and needs no fake; every other has a fake and documented answers in `__fixtures__`.
 */
export function missingProviderFiles(id: string, files: readonly string[]): string[] {
  const onRealServers = files.includes(`${id}.conformance.int-spec.ts`);
  const needed = [
    ...always,
    ...(withoutHttp.has(id) ? [] : overHttp),
    ...(onRealServers ? [] : [`${id}.fake.ts`, `${id}.conformance.spec.ts`]),
  ];
  const missing = needed.filter((file) => !files.includes(file));
  if (!onRealServers && !files.some((file) => file.startsWith('__fixtures__/'))) missing.push('__fixtures__/*');
  return missing;
}
