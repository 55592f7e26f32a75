import { StormDatabase } from '../../apps/dns-worker/src/storm-worker.fake.js';
import { runStorm, type StormOptions, type StormReport } from './run-storm.js';

export type StormRuns = Omit<StormOptions, 'seed' | 'trace'> & { seeds: Iterable<number>; /** Runs beside each other, each in a database of its own. */ lanes?: number; onReport?(report: StormReport): void };

/** Many runs, some at a time: a run mostly waits for Postgres. What a run does depends on its seed only. Returns those that failed. */
export async function runStorms({ seeds, lanes = 4, onReport, ...options }: StormRuns): Promise<StormReport[]> {
  const failed: StormReport[] = [];
  const left = seeds[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    const database = await StormDatabase.open();
    try {
      for (let next = left.next(); next.done !== true; next = left.next()) {
        const report = await runStorm(database, { ...options, seed: next.value });
        if (report.findings.length > 0) failed.push(report);
        onReport?.(report);
      }
    } finally {
      await database.close();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return failed;
}

/** What a person needs to see it again. */
export function describeFailure({ seed, provider, weather, hasOutsider, findings }: StormReport): string {
  return [`seed ${seed} (${provider}, ${weather}${hasOutsider ? ', with another writer' : ''}); again: npm run storm -- --seed ${seed} --provider ${provider} --weather ${weather}`, ...findings.map((finding) => `  ${finding}`)].join('\n');
}

export function* seedsFrom(first: number, count: number): Generator<number> {
  for (let seed = first; seed < first + count; seed++) yield seed;
}
