import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conformanceCases } from './conformance-cases.js';
import { Stage, type World } from './stage.js';

/** Runs the suite against a world. A case that the descriptor rules out is a test of its own that checks the reason. */
export function describeProvider(name: string, makeWorld: () => Promise<World>): void {
  describe(name, () => {
    let world: World;
    beforeAll(async () => { world = await makeWorld(); }, 120_000);
    afterAll(() => world?.stop());

    it.each(conformanceCases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
      const reason = each.leftOut?.({ protocol: world.protocol, oddTypes: world.oddTypes, descriptor: world.provider.descriptor }) ?? null;
      if (reason === null) await each.run(new Stage(world));
      else expect(reason).not.toBe('');
    });
  });
}
