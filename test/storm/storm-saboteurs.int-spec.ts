import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saboteurs, type SaboteurName } from '../../apps/dns-worker/src/storm-saboteurs.fake.js';
import { StormDatabase } from '../../apps/dns-worker/src/storm-worker.fake.js';
import { runStorm } from './run-storm.js';
import type { Weather } from './weather.js';

/** Where each was noticed when it was written; looked for from there on, since other seeds notice it, too. */
const noticedBy: Readonly<Record<SaboteurName, { weather: Weather; seed: number }>> = {
  'forgets the writes that a dead worker began': { weather: 'deadly', seed: 3 },
  'takes a lost answer for a refusal': { weather: 'deadly', seed: 8 },
  'does not know who shares a value': { weather: 'shaky', seed: 74 },
  'carries out what a newer intent replaced': { weather: 'deadly', seed: 1 },
  'reads a zone at once after a write': { weather: 'stale', seed: 24 },
  'trusts a turn that it has lost': { weather: 'overlapping', seed: 116 },
  'does not wait for the last request of its predecessor': { weather: 'overlapping', seed: 99 },
  'calls a provider that is known to be down': { weather: 'down', seed: 2 },
  'pays from a budget of its own': { weather: 'calm', seed: 3 },
};
const most = 150;

describe('the storm', () => {
  let database: StormDatabase;
  beforeAll(async () => { database = await StormDatabase.open(); }, 60_000);
  afterAll(() => database?.close());

  it.each(Object.keys(saboteurs) as SaboteurName[])('notices a worker that %s', async (saboteur) => {
    let found: string[] = [];
    const { seed: first, weather } = noticedBy[saboteur];
    for (let seed = first; found.length === 0 && seed < first + most; seed++) found = (await runStorm(database, { seed, weather, saboteur })).findings;

    expect(found).not.toEqual([]);
  }, 120_000);

  it('does the same again for the same seed', async () => {
    const lines: string[][] = [[], []];
    for (const trace of lines) await runStorm(database, { seed: 115, trace: (line) => void trace.push(line.replaceAll(/(con|ten|plan|rcp)_\w+|"hash":"\w+"|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')) });

    expect(lines[0]!.length).toBeGreaterThan(100);
    expect(lines[1]).toEqual(lines[0]);
  });
});
