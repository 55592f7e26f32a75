import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GeneratedFile } from './generate/generated-file.js';
import { natsConfiguration } from './generate/nats-configuration.js';
import { providerRegistry } from './generate/provider-registry.js';

/**
 * `npm run generate` writes what is made from the code; `npm run generate -- --check` writes nothing and fails where a file is stale.
 * Matrix and error table come last and are loaded late: they need the registry that was made before.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const onlyCheck = process.argv.includes('--check');

const stale = keep([...providerRegistry(root), natsConfiguration()]);
const { providerMatrix } = await import('./generate/provider-matrix.js');
const { errorTable } = await import('./generate/error-table.js');
const { verdictRunbook } = await import('./generate/verdict-runbook.js');
stale.push(...keep([...providerMatrix(), ...errorTable(), ...verdictRunbook()]));

if (stale.length === 0) console.log('Everything generated is fresh.');
else if (onlyCheck) {
  console.error(`Stale, run npm run generate:\n${stale.join('\n')}`);
  process.exitCode = 1;
} else console.log(`Written:\n${stale.join('\n')}`);

/** The files that differ; they are written unless this is a check. */
function keep(files: readonly GeneratedFile[]): string[] {
  const differing = files.filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text);
  if (!onlyCheck) {
    for (const { path, text } of differing) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
  return differing.map(({ path }) => path);
}
