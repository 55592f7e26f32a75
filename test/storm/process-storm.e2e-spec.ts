import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWholeWorld, type WholeWorld } from '../e2e/whole-world.js';
import { processStorm, stormTenants } from './process-storm.js';

describe('P1 as a storm of real processes', () => {
  let world: WholeWorld;
  beforeAll(async () => { world = await startWholeWorld({ durable: true, replicas: { 'dns-worker': 2 } }); }, 120_000);
  afterAll(() => world?.stop());

  it('a run with kills by SIGKILL changes nothing foreign and leaves no connection without a reason; npm run storm -- --processes makes twenty', async () => {
    const reports = await processStorm(world, await stormTenants(world), [4]);

    expect(reports.flatMap(({ findings }) => findings)).toEqual([]);
    expect(reports.map(({ killed }) => killed.length)).toEqual([expect.any(Number)]);
  }, 420_000);
});
