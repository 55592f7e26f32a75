import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './program.js';

export type Size = 'architecture' | 'unit' | 'integration' | 'e2e';

const left = new Set(['node_modules', 'dist', 'coverage', 'planted', '__fixtures__']);

/** All spec files by size, as paths below the repository, sorted; with patterns only those whose path matches one of them (regular expressions). */
export function specFiles(patterns: string[]): Record<Size, string[]> {
  const wanted = patterns.map((pattern) => new RegExp(pattern));
  const files: Record<Size, string[]> = { architecture: [], unit: [], integration: [], e2e: [] };
  for (const path of ['apps', 'libs', 'test', 'scripts', 'tools', 'bench'].flatMap(walk).sort()) {
    const size = sizeOf(path);
    if (size !== undefined && (wanted.length === 0 || wanted.some((pattern) => pattern.test(path)))) files[size].push(path);
  }
  return files;
}

function sizeOf(path: string): Size | undefined {
  if (path.endsWith('.e2e-spec.ts')) return 'e2e';
  if (path.endsWith('.int-spec.ts')) return 'integration';
  if (path.endsWith('.spec.ts')) return path.startsWith('test/architecture/') ? 'architecture' : 'unit';
  return undefined;
}

function walk(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(repository, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return left.has(entry.name) ? [] : walk(path);
  });
}
