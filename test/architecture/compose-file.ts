import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { repository } from './planted-tree.js';

const Environment = z.record(z.string(), z.string().nullable());
const ComposeService = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: Environment.default({}),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  secrets: z.array(z.string()).default([]),
});
/** What the tests read of docker-compose.yml, with its anchors resolved and its `${…}` not. */
export const ComposeFile = z.looseObject({
  services: z.record(z.string(), ComposeService),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()),
});
export type ComposeFile = z.infer<typeof ComposeFile>;

export function textOf(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

export function readCompose(): ComposeFile {
  return ComposeFile.parse(parse(textOf('docker-compose.yml'), { merge: true }));
}

/** Names of all `${NAME…}` in a text. */
export function referencesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map((found) => found[1] as string))];
}

/** As compose fills in: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. Settings without a value and without a variable are left out. */
export function filledIn(environment: z.infer<typeof Environment>, variables: Record<string, string>): Record<string, string> {
  const pairs = Object.entries(environment).map(([name, value]) => [name, value === null ? variables[name] : value.replace(/\$\{([A-Z_]+)(?::-([^}]*))?[^}]*\}/g, (_whole, key: string, other?: string) => variables[key] ?? other ?? '')] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

/** Runs deploy/make-env for another folder and returns what .env says. */
export function makeEnv(folder: string): Record<string, string> {
  execFileSync('sh', [join(repository, 'deploy/make-env'), folder], { stdio: 'pipe' });
  const lines = readFileSync(join(folder, '.env'), 'utf8').split('\n').filter((line) => /^[A-Z_]+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
