/**
 * `npm run bench`: each figure beside a yardstick of the same run, printed and kept in docs/benchmarks.md with the machine named. `-- --zones N`
 * for a shorter run. Ratios mean something; absolute figures of a shared machine mean little.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { acceptedPosts } from '../bench/accepted-posts.js';
import { startBenchWorld } from '../bench/bench-world.js';
import { coalescing } from '../bench/coalescing.js';
import { connectionsPerSecond, firstCall } from '../bench/connections-per-second.js';
import { machine, residentMbOf, table, type Row } from '../bench/figures.js';
import { moreWorkers } from '../bench/more-workers.js';
import { publishedToLive } from '../bench/published-to-live.js';
import { questions } from '../bench/questions.js';
import { vaultLeases } from '../bench/vault-leases.js';
import { watchedNames } from '../bench/watched-names.js';

const { values: flags } = parseArgs({ options: { zones: { type: 'string', default: '1000' }, posts: { type: 'string', default: '2000' }, tries: { type: 'string', default: '60' }, watched: { type: 'string', default: '100000' }, keep: { type: 'boolean', default: false } } });
const say = (text: string): void => console.log(`  ${text}`);

const world = await startBenchWorld(say);
const rows: Row[] = [];
try {
  rows.push(...(await firstCall(world, Number(flags.tries))));
  rows.push(...(await connectionsPerSecond(world, Number(flags.zones), say)));
  rows.push(...(await coalescing(world, 120)));
  rows.push(...(await publishedToLive(world, 20, say)));
  rows.push(...(await acceptedPosts(world, Number(flags.posts), say)));
  rows.push(...(await vaultLeases(world, Number(flags.posts), say)));
  const sizes = world.product.services.map((service) => ({ service: service.service, mb: residentMbOf(service.pid) }));
  rows.push({ what: 'start of the local product, installed and built, to ready', ours: `${(world.startedInMs / 1000).toFixed(1)} s`, yardstick: '–', ratio: '–', goal: '≤ 6 s' });
  rows.push({ what: 'resident size per service, after this load', ours: sizes.map(({ service, mb }) => `${service} ${mb.toFixed(0)} MB`).join(', '), yardstick: '–', ratio: '–', goal: '≤ 150 MB' });
  rows.push(...(await watchedNames(world, Number(flags.watched), say)));
} finally {
  await world.stop();
}
rows.push(...(await questions(20_000, say)));
rows.push(...(await moreWorkers(Math.min(Number(flags.zones), 200), 50, say)));
rows.push(...(await moreWorkers(100, 500, say)));
const text = `${table(rows)}\n`;
console.log(`\n${text}`);
if (flags.keep) keep(text);
process.exit(0);

/** Puts this run into docs/benchmarks.md in place of the last one. */
function keep(text: string): void {
  const file = join(process.cwd(), 'docs', 'benchmarks.md');
  const [head] = readFileSync(file, 'utf8').split('<!-- the last run -->');
  writeFileSync(file, `${head}<!-- the last run -->\n\n${new Date().toISOString().slice(0, 10)}, ${machine()}\n\n${text}`);
  say(`kept in ${file}`);
}
