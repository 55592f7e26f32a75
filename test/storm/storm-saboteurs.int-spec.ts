import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saboteurs, type SaboteurName } from '../../apps/dns-worker/src/storm-saboteurs.fake.js';
import { StormDatabase } from '../../apps/dns-worker/src/storm-worker.fake.js';
import { runStorm } from './run-storm.js';

/** Where each was noticed when it was written; looked for from there on, since other seeds notice it, too. */
const noticedBy: Readonly<Record<SaboteurName, number>> = {
  'forgets the writes that a dead worker began': 26,
  'takes a lost answer for a refusal': 32,
  'does not know who shares a value': 11,
  'carries out what a newer intent replaced': 6,
};
const most = 150;

describe('the storm', () => {
  let database: StormDatabase;
  beforeAll(async () => { database = await StormDatabase.open(); }, 60_000);
  afterAll(() => database?.close());

  it.each(Object.keys(saboteurs) as SaboteurName[])('notices a worker that %s', async (saboteur) => {
    let found: string[] = [];
    for (let seed = noticedBy[saboteur]; found.length === 0 && seed < noticedBy[saboteur] + most; seed++) found = (await runStorm(database, { seed, saboteur })).findings;

    expect(found).not.toEqual([]);
  }, 120_000);

  it('does the same again for the same seed', async () => {
    const lines: string[][] = [[], []];
    for (const trace of lines) await runStorm(database, { seed: 115, trace: (line) => void trace.push(line.replaceAll(/(con|ten|plan|rcp)_\w+|"hash":"\w+"|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')) });

    expect(lines[0]!.length).toBeGreaterThan(100);
    expect(lines[1]).toEqual(lines[0]);
  });
});
