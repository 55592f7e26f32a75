import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from './planted-tree.js';
import { missingProviderFiles } from './tree-rules.js';

const folder = 'libs/adapters/src/providers/demo';
const copied = ['apps', 'libs', 'scripts', 'tools', 'docs', 'deploy', 'package.json', 'package-lock.json', 'tsconfig.json', 'jest.config.mjs', 'eslint.config.mjs'];

/** Tried in a copy of the tree: other tests run beside this one. */
describe('npm run new:provider -- demo', () => {
  let root: string;
  const inCopy = async (args: string[]): Promise<{ ok: boolean; output: string }> => promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules', FORCE_COLOR: '0' }, maxBuffer: 1 << 26 })
    .then(({ stdout, stderr }) => ({ ok: true, output: stdout + stderr }), (error: { stdout: string; stderr: string }) => ({ ok: false, output: error.stdout + error.stderr }));

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'new-provider-'));
    for (const path of copied) cpSync(join(repository, path), join(root, path), { recursive: true });
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    const { ok, output } = await inCopy(['scripts/run.mjs', 'new-provider', 'demo']);
    expect({ ok, output }).toMatchObject({ ok: true });
  }, 120_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('gives a whole folder, known to the registry and the catalogue', () => {
    expect(missingProviderFiles('demo', readdirSync(join(root, folder), { recursive: true }).map(String))).toEqual([]);
    for (const path of ['registry.generated.ts', 'catalogue/providers.generated.ts']) expect(readFileSync(join(root, 'libs/adapters/src', path), 'utf8')).toContain('providers/demo/');
    expect(readFileSync(join(root, 'docs/providers.md'), 'utf8')).toContain('`demo`');
  });

  it('gives code that the compiler and the house accept', async () => {
    writeFileSync(join(root, 'tsconfig.demo.json'), JSON.stringify({ extends: './tsconfig.json', include: [`${folder}/**/*.ts`] }));

    expect((await inCopy(['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.demo.json'])).output).toBe('');
    expect((await inCopy(['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', folder])).output).toBe('');
  }, 120_000);

  it('fails in cases that name what is to be written', async () => {
    const { ok, output } = await inCopy(['node_modules/jest/bin/jest.js', folder]);

    expect(ok).toBe(false);
    expect(output).toContain('demo, to be written: credential.ts: parse');
    expect(output).toContain('demo, to be written: convert.ts: toRecordSets');
    // Whatever else fails would fail in silence.
    const failures = output.split('\n').filter((line) => /^\s+\w*Error: /.test(line));
    expect(failures.filter((line) => !line.includes('to be written'))).toEqual([]);
  }, 120_000);

  it('does not write over a folder that is there', async () => {
    const { ok, output } = await inCopy(['scripts/run.mjs', 'new-provider', 'demo']);

    expect({ ok, said: output.includes('is there already') }).toEqual({ ok: false, said: true });
    expect(existsSync(join(root, folder))).toBe(true);
  });
});
