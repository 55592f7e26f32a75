import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plantTree, type PlantedTree, type Refusal } from './planted-tree.js';
import { allowed, companions, graphViolations, lintViolations } from './planted-violations.js';

let tree: PlantedTree;
let linted: Refusal[];
let cruised: Refusal[];

beforeAll(async () => {
  const planted = [...lintViolations, ...graphViolations, ...allowed].map(({ file, text }) => [file, text] as const);
  tree = await plantTree({ ...Object.fromEntries(planted), ...companions });
  [linted, cruised] = await Promise.all([tree.lint(), tree.cruise()]);
}, 120_000);
afterAll(() => tree?.remove());

describe('the linter refuses', () => {
  it.each(lintViolations)('$name', ({ file, rule, says = '' }) => {
    const refusals = linted.filter((each) => each.file === file);

    expect(refusals).toContainEqual({ file, rule, message: expect.stringContaining(says) });
  });
});

describe('the graph refuses', () => {
  it.each(graphViolations)('$name', ({ file, rule }) => {
    const refusals = cruised.filter((each) => each.file === file).map((each) => each.rule);

    expect(refusals).toContain(rule);
  });
});

describe('nobody refuses that', () => {
  it.each(allowed)('$name', ({ file }) => {
    const refusals = [...linted, ...cruised].filter((each) => each.file === file && each.rule !== 'no-orphan');

    expect(refusals).toEqual([]);
  });
});

describe('the planted rows', () => {
  it('stand in files of their own', () => {
    const files = [...lintViolations, ...graphViolations, ...allowed].map((each) => each.file);

    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([]);
  });
});
