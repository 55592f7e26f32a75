import { describe, expect, it } from '@jest/globals';
import { placeNames } from './places.js';
import { describeFailure, runStorms, seedsFrom } from './storm-runs.js';

const runs = 200;
/** Always the same ones, so that a failure comes from a change; `npm run storm` goes further. */
const first = 1;

describe('P1 as a storm: four workers, two tenants, a zone that is not ours', () => {
  it(`${runs} runs from seed ${first} change nothing foreign, write nothing twice, and leave no connection without a reason`, async () => {
    const providers = new Set<string>();
    const failed = await runStorms({ seeds: seedsFrom(first, runs), onReport: ({ provider }) => void providers.add(provider) });

    expect(failed.map(describeFailure).join('\n')).toBe('');
    expect([...providers].sort()).toEqual([...placeNames].sort());
  }, 300_000);

  it('40 runs with a writer who takes away beside our writes what was there: it is seen, put back and reported', async () => {
    const failed = await runStorms({ seeds: seedsFrom(first, 40), weather: 'spoilt' });

    expect(failed.map(describeFailure).join('\n')).toBe('');
  }, 120_000);
});
