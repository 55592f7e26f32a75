import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseNamed, conformanceCases } from './conformance-cases.js';
import { mutants } from './mutants.js';
import { referenceWorld } from './reference-provider/reference.fake.js';
import { saboteurs } from './saboteurs.js';
import { Stage, type World } from './stage.js';

let world: World;
beforeAll(async () => { world = await referenceWorld(); });
afterAll(() => world.stop());

describe('every safety case has a saboteur that it catches', () => {
  it.each(saboteurs.flatMap((saboteur) => saboteur.caughtBy.map((name) => [saboteur.name, name, saboteur] as const)))('an adapter that "%s" is caught by "%s"', async (_, name, saboteur) => {
    const found = caseNamed(name);

    expect(found).toBeDefined();
    // A saboteur that only crashes proves nothing.
    await expect(found!.run(new Stage(world, saboteur.open))).rejects.toMatchObject({ name: expect.stringMatching(/^(AssertionError|ProviderError)$/) });
  });

  it('leaves no safety case without one', () => {
    const caught = new Set(saboteurs.flatMap(({ caughtBy }) => caughtBy));

    expect(conformanceCases.filter(({ area, name }) => area === 'safety' && !caught.has(name)).map(({ name }) => name)).toEqual([]);
  });
});

describe('small wrongs are noticed by some case', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s', async (_, mutant) => {
    const noticedBy: string[] = [];
    for (const each of conformanceCases) {
      await each.run(new Stage(world, mutant.open)).catch(() => noticedBy.push(each.name));
      if (noticedBy.length > 0) break;
    }

    expect(noticedBy).not.toEqual([]);
  });
});

it('has at least 60 cases, each with a name of its own', () => {
  expect(conformanceCases.length).toBeGreaterThanOrEqual(60);
  expect(new Set(conformanceCases.map(({ name }) => name)).size).toBe(conformanceCases.length);
});
