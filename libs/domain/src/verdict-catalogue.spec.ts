import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { byWeight, observationCatalogue } from './verdict-catalogue.js';
import { observationCodes } from './verdict.js';

describe('the codes of a verdict', () => {
  it('have words, each of them and no other', () => {
    expect(Object.keys(observationCatalogue).sort()).toEqual([...observationCodes].sort());
    for (const row of Object.values(observationCatalogue)) for (const text of [row.message, row.seen, row.nextStep]) expect(text).toMatch(/\S.{3,}[.)]$/);
  });

  it('stand in the runbook, each of them and no other, with what it means, what was seen, who acts and what to do', () => {
    const runbook = readFileSync('docs/runbooks/verdicts.md', 'utf8').split('\n## ').slice(1).map((part) => part.split('\n'));

    expect(runbook.map(([code]) => code).sort()).toEqual([...observationCodes].sort());
    for (const lines of runbook) expect(lines.filter((line) => line.startsWith('- ')).map((line) => line.split(':')[0])).toEqual(['- Seen', '- Effect', '- Who acts', '- What to do']);
  });

  it('are told by weight: what nobody can reach first, what agrees last', () => {
    expect(byWeight(['expected_value', 'old_value_cached', 'dnssec_bogus'])).toEqual(['dnssec_bogus', 'old_value_cached', 'expected_value']);
  });
});
