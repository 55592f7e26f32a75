import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { rooms } from '../../tools/lint/rooms.mjs';

export const repository = join(import.meta.dirname, '../..');

/** What a tool said about one file of the planted tree: rule name and message. */
export type Refusal = { file: string; rule: string; message: string };

/** A small house beside the real one, with the same rules. It lies inside the repository so that npm packages resolve as they do there. */
export interface PlantedTree {
  /** What ESLint refuses. */
  lint(): Promise<Refusal[]>;
  /** What dependency-cruiser refuses. */
  cruise(): Promise<Refusal[]>;
  remove(): Promise<void>;
}

/** Writes every room's door (`index.ts`) and then `files`, path → text, which may replace them. */
export async function plantTree(files: Record<string, string>): Promise<PlantedTree> {
  await mkdir(join(repository, '.data'), { recursive: true });
  const root = await mkdtemp(join(repository, '.data/planted-'));
  const all = { ...(await settings()), ...doors(), ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return {
    lint: async () => eslintRefusals(root, await run(root, 'eslint/bin/eslint.js', ['--format', 'json', '.'])),
    cruise: async () => cruiserRefusals(await run(root, 'dependency-cruiser/bin/dependency-cruise.mjs', ['apps', 'libs', '--config', join(repository, '.dependency-cruiser.cjs'), '-T', 'json'])),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

async function settings(): Promise<Record<string, string>> {
  const tsconfig = JSON.parse(await readFile(join(repository, 'tsconfig.json'), 'utf8')) as Record<string, unknown>;
  return {
    'package.json': await readFile(join(repository, 'package.json'), 'utf8'),
    'tsconfig.json': JSON.stringify({ ...tsconfig, include: ['**/*.ts'], exclude: [] }),
    'eslint.config.mjs': "import { houseRules } from '../../tools/lint/index.mjs';\nexport default houseRules(import.meta.dirname);\n",
  };
}

function doors(): Record<string, string> {
  const folders = rooms.flatMap((room) => (room.name === 'provider' ? ['alpha', 'beta'].map((id) => room.folder.replace('*', id)) : [room.folder]));
  return Object.fromEntries(folders.map((folder) => [folder.includes('/src') ? `${folder}/index.ts` : `${folder}/src/index.ts`, 'export const door = true;\n']));
}

/** Both tools answer 1 when they refuse something; only an answer that is not JSON is a failure. */
function run(root: string, program: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(repository, 'node_modules', program), ...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => {
      if (stderr.includes('[boundaries]') || !stdout.trimStart().startsWith('[') && !stdout.trimStart().startsWith('{')) {
        reject(new Error(`${program} could not work:\n${stderr}${stdout}`));
        return;
      }
      resolve(stdout);
    });
  });
}

function eslintRefusals(root: string, output: string): Refusal[] {
  type Report = { filePath: string; messages: { ruleId: string | null; message: string }[] };
  return (JSON.parse(output) as Report[]).flatMap((report) =>
    report.messages.map(({ ruleId, message }) => ({ file: relative(root, report.filePath), rule: ruleId ?? 'parse', message })));
}

function cruiserRefusals(output: string): Refusal[] {
  type Report = { summary: { violations: { from: string; to: string; rule: { name: string } }[] } };
  return (JSON.parse(output) as Report).summary.violations.map(({ from, to, rule }) => ({ file: from, rule: rule.name, message: to }));
}
