/**
 * `npm run fake -- <key> [--port P] [--zones FILE] --credential TEXT [--fault KIND]…`: runs one provider's fake alone on loopback, so that other clients can
 * be pointed at it. FILE holds a JSON list of zones in the form of the fake's own options (see the provider's folder). Ctrl-C ends it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const usage = 'Usage: npm run fake -- <key> [--port P] [--zones FILE] --credential TEXT [--fault unreachable|lost|silent|html|cut]…';
const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: { port: { type: 'string', default: '0' }, zones: { type: 'string' }, credential: { type: 'string' }, fault: { type: 'string', multiple: true } } });
const key = positionals[0] ?? '';
const file = join(process.cwd(), 'libs', 'adapters', 'src', 'providers', key, `${key}.fake.ts`);

if (key === '' || !/^[a-z0-9-]+$/.test(key) || flags.credential === undefined || !existsSync(file)) fail(usage);
const start = await startFunction();
const fake = await start({ port: Number(flags.port), credential: flags.credential, zones: flags.zones === undefined ? [] : JSON.parse(readFileSync(flags.zones, 'utf8')), faults: (flags.fault ?? []).map((fault) => ({ fault })) });
console.log(`The ${key} fake listens on ${fake.origin}. Ctrl-C ends it.`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void fake.stop().then(() => process.exit(0)));

/** Each fake's folder exports one function that starts it. */
async function startFunction(): Promise<(options: object) => Promise<{ origin: string; stop(): Promise<void> }>> {
  const exported: Record<string, unknown> = await import(pathToFileURL(file).href);
  const found = Object.entries(exported).find(([name, value]) => /^start\w+Fake$/.test(name) && typeof value === 'function');
  if (found === undefined) return fail(`${key} has no fake: its tests run on the real server. Providers with a fake have a start…Fake function.`);
  return found[1] as (options: object) => Promise<{ origin: string; stop(): Promise<void> }>;
}

function fail(text: string): never {
  console.error(text);
  process.exit(2);
}
