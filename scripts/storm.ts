/**
 * `npm run storm [-- --runs N] [--first SEED] [--seed SEED] [--provider KEY] [--weather KIND] [--saboteur NAME] [--lanes N] [--trace]`: P1 as a storm (test/storm). 10,000 runs, or one seed again, with
 * every step if `--trace` is given. `npm run storm -- --processes [--runs N] [--first SEED]`: 20 runs of real processes and SIGKILL, four at a time. The exit code says whether
 * all runs held.
 */
import { parseArgs } from 'node:util';
import { saboteurs, type SaboteurName } from '../apps/dns-worker/src/storm-saboteurs.fake.js';
import { StormDatabase } from '../apps/dns-worker/src/storm-worker.fake.js';
import { startWholeWorld } from '../test/e2e/whole-world.js';
import { placeNames, type PlaceName } from '../test/storm/places.js';
import { processStorm, stormTenants } from '../test/storm/process-storm.js';
import { runStorm, type StormReport } from '../test/storm/run-storm.js';
import { describeFailure, runStorms, seedsFrom } from '../test/storm/storm-runs.js';
import { kindsOfWeather, type Weather } from '../test/storm/weather.js';

const { values: flags } = parseArgs({ options: {
  runs: { type: 'string' }, processes: { type: 'boolean', default: false }, first: { type: 'string', default: '1' }, seed: { type: 'string' }, provider: { type: 'string' }, weather: { type: 'string' }, saboteur: { type: 'string' },
  lanes: { type: 'string', default: '4' }, trace: { type: 'boolean', default: false },
} });
const given = { provider: oneOf('provider', placeNames, flags.provider), weather: oneOf('weather', Object.keys(kindsOfWeather) as Weather[], flags.weather), saboteur: oneOf('saboteur', Object.keys(saboteurs) as SaboteurName[], flags.saboteur) };
const startedAt = performance.now();

if (flags.processes) process.exitCode = await processes(number('runs', flags.runs ?? '20'), number('first', flags.first));
else if (flags.seed === undefined) process.exitCode = await all(number('runs', flags.runs ?? '10000'), number('first', flags.first));
else process.exitCode = await one(number('seed', flags.seed));
// A Postgres of our own ends with the process.
process.exit();

async function one(seed: number): Promise<number> {
  const database = await StormDatabase.open();
  const report = await runStorm(database, { ...given, seed, ...(flags.trace ? { trace: say } : {}) });
  await database.close();
  say(report.findings.length === 0 ? `seed ${seed} (${report.provider}, ${report.weather}) holds: ${report.connections} connections, ${report.works} works, ${report.steps} steps` : describeFailure(report));
  return report.findings.length === 0 ? 0 : 1;
}

async function all(runs: number, first: number): Promise<number> {
  let done = 0;
  const sums = { steps: 0, works: 0, connections: 0 };
  const met: Record<string, number> = {};
  const failed = await runStorms({ ...given, seeds: seedsFrom(first, runs), lanes: number('lanes', flags.lanes), onReport });
  say(`${runs} runs from seed ${first} in ${seconds()} s: ${sums.connections} connections, ${sums.works} works, ${sums.steps} steps; ${failed.length} failed`);
  say(`met: ${Object.entries(met).sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} × ${kind}`).join(', ')}`);
  return failed.length === 0 ? 0 : 1;

  function onReport(report: StormReport): void {
    done += 1;
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += report[key];
    for (const [kind, count] of Object.entries(report.met)) met[kind] = (met[kind] ?? 0) + count;
    if (report.findings.length > 0) say(describeFailure(report));
    if (done % 100 === 0) say(`${done} of ${runs} runs, ${seconds()} s`);
  }
}

async function processes(runs: number, first: number): Promise<number> {
  const world = await startWholeWorld({ durable: true, replicas: { 'dns-worker': 2 } });
  let failed = 0;
  try {
    const tenants = await stormTenants(world);
    for (let at = 0; at < runs; at += 4) {
      for (const { seed, provider, killed, connections, findings } of await processStorm(world, tenants, [...seedsFrom(first + at, Math.min(4, runs - at))])) {
        if (findings.length > 0) failed += 1;
        say([`seed ${seed} (${provider}, ${connections} connections, killed: ${killed.join(', ')}) ${findings.length === 0 ? 'holds' : `fails; again: npm run storm -- --processes --first ${seed} --runs 1`}`, ...findings.map((finding) => `  ${finding}`)].join('\n'));
      }
      say(`${Math.min(at + 4, runs)} of ${runs} runs, ${seconds()} s`);
    }
  } finally {
    await world.stop();
  }
  return failed === 0 ? 0 : 1;
}

function seconds(): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0);
}

function number(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) fail(`--${name} is a whole number`);
  return Number(text);
}

function oneOf<Key extends PlaceName | Weather | SaboteurName>(name: string, known: readonly Key[], text: string | undefined): Key | undefined {
  const found = known.find((key) => key === text);
  if (text !== undefined && found === undefined) fail(`--${name} is one of ${known.join(', ')}`);
  return found;
}

function fail(text: string): never {
  console.error(text);
  process.exit(2);
}

function say(text: string): void {
  console.log(text);
}
