import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rooms } from '../../tools/lint/rooms.mjs';
import { repository } from './planted-tree.js';
import { machineBoundText, missingProviderFiles, refuseName } from './tree-rules.js';

const left = new Set(['node_modules', 'dist', '.data', 'coverage', '.git']);
const providersFolder = 'libs/adapters/src/providers';

/** Walks instead of asking git: the tests also run where there is no git. */
function walk(folder = ''): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return left.has(entry.name) ? [] : walk(path);
    return entry.isFile() && !path.endsWith('.log') ? [path] : [];
  });
}
function foldersIn(path: string): string[] {
  if (!existsSync(join(repository, path))) return [];
  return readdirSync(join(repository, path), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

const files = walk();
const sources = files.filter((path) => /^(apps|libs|test|scripts|bench|tools)\//.test(path) && /[.](ts|mts|mjs|cjs)$/.test(path) && !path.includes('/__fixtures__/'));

describe('the tree', () => {
  it('names each file for what is inside and for its role', () => {
    const refused = sources.map((path) => [path, refuseName(path)] as const).filter(([, reason]) => reason !== undefined);

    expect(refused).toEqual([]);
  });

  it('says nothing that is true on one machine only', () => {
    const text = files.filter((path) => !/[.](png|jpg|ico|gz|zip|woff2?)$/.test(path));
    const bound = text.map((path) => [path, machineBoundText(readFileSync(join(repository, path), 'utf8'))] as const).filter(([, found]) => found !== undefined);

    expect(bound).toEqual([]);
  });

  it('has a room in the table for every app and library', () => {
    const named = new Set(rooms.map((room) => room.folder.split('/').slice(0, 2).join('/')));
    const homeless = ['apps', 'libs'].flatMap((kind) => foldersIn(kind).map((name) => `${kind}/${name}`)).filter((folder) => !named.has(folder));

    expect(homeless).toEqual([]);
  });

  it('shows every app and library on the map of docs/architecture.md', () => {
    const path = join(repository, 'docs/architecture.md');
    const map = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    const missing = map === undefined ? [] : ['apps', 'libs'].flatMap((kind) => foldersIn(kind).map((name) => `${kind}/${name}`)).filter((folder) => !map.includes(folder));

    expect(missing).toEqual([]);
  });

  it('gives every provider its whole folder', () => {
    const incomplete = foldersIn(providersFolder)
      .map((id) => [id, missingProviderFiles(id, walk(`${providersFolder}/${id}`).map((path) => path.slice(`${providersFolder}/${id}/`.length)))] as const)
      .filter(([, missing]) => missing.length > 0);

    expect(incomplete).toEqual([]);
  });
});

describe('the rules of the tree', () => {
  it.each([
    'apps/gateway/src/http/connections/create-connection.endpoint.ts', 'libs/contracts/src/commands/apply-connection.v2.ts', 'libs/domain/src/names.spec.ts',
    'libs/adapters/src/providers/alpha/alpha.conformance.spec.ts', 'apps/gateway/src/infrastructure/migrations/1764000000000-first.ts',
  ])('let %s pass', (path) => {
    expect(refuseName(path)).toBeUndefined();
  });

  it.each(['libs/domain/src/recordSet.ts', 'libs/domain/src/names.test.ts', 'libs/domain/src/Names/names.ts', 'apps/verifier/src/read.endpoint.ts', 'libs/domain/src/a.e2e-spec.ts', 'libs/domain/src/names.service.ts'])('refuse %s', (path) => {
    expect(refuseName(path)).toBeDefined();
  });

  it.each([['', 'work', 'main', 'libs'], ['', 'home', 'somebody', 'code'], ['', 'root', '.npmrc'], ['https:', '', 'registry.example.org', 'x']].map((parts) => [parts.join('/')]))('find %s', (text) => {
    expect(machineBoundText(`see ${text}/y`)).toBeDefined();
  });

  it('leave URLs and relative paths alone', () => {
    expect(machineBoundText('https://docs.example/home/guide/ and ./work/x and a/root/b')).toBeUndefined();
  });

  it('miss what a provider lacks', () => {
    expect(missingProviderFiles('alpha', ['index.ts', 'alpha.fake.ts'])).toEqual(expect.arrayContaining(['client.ts', 'alpha.conformance.spec.ts', '__fixtures__/*']));
  });
});
