import assert from 'node:assert/strict';
import { conformanceCases } from './conformance-cases.js';
import { Stage, type World } from './stage.js';

/**
 * Jest's words as it puts them on the global object: imported from `@jest/globals` they would keep the suite from being read outside Jest,
 * where the matrix is made from it.
 */
export type TestRunner = {
  describe(name: string, body: () => void): void;
  it(name: string, test: () => Promise<void>): void;
  beforeAll(prepare: () => Promise<void>, timeoutMs: number): void;
  afterAll(tidy: () => Promise<void>): void;
};

export function testRunner(): TestRunner {
  return globalThis as unknown as TestRunner;
}

/** Runs the suite against a world. A case that the descriptor rules out has to say why. */
export function describeProvider(name: string, makeWorld: () => Promise<World>): void {
  const { describe, it, beforeAll, afterAll } = testRunner();
  describe(name, () => {
    let world: World | undefined;
    beforeAll(async () => { world = await makeWorld(); }, 120_000);
    afterAll(async () => world?.stop());

    for (const each of conformanceCases) {
      it(each.name, async () => {
        assert.ok(world, 'the world did not start');
        const reason = each.leftOut?.({ protocol: world.protocol, oddTypes: world.oddTypes, descriptor: world.provider.descriptor }) ?? null;
        if (reason === null) await each.run(new Stage(world));
        else assert.notEqual(reason, '');
      });
    }
  });
}
