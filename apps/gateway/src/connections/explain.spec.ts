import { describe, expect, it } from '@jest/globals';
import { verdictReached, type VerdictProjection } from '@connect/contracts';
import { observationCatalogue, observationCodes } from '@connect/domain';
import { aConnection } from './connection.fake.js';
import { explain } from './explain.js';

const published: VerdictProjection = { ...verdictReached.golden.data.projection, codes: ['expected_value'], findings: [] };

function told(verdict: Partial<VerdictProjection>): string[] {
  return explain(aConnection({ state: 'live', reason: null, verdict: { ...published, ...verdict } }), null, null);
}

describe('explaining a verdict', () => {
  it('says of a live domain that is not reachable for everybody why, where it was seen and what the customer can do', () => {
    const sentences = told({
      codes: ['dnssec_bogus', 'expected_value'],
      findings: [{ code: 'dnssec_bogus', owner_name: 'shop.example.com.', type: 'A', detail: 'the parent has a DS record for example.com. (key tag 12345), but the zone is not signed', expected_by: null }],
    });

    expect(sentences).toEqual(expect.arrayContaining([
      expect.stringMatching(/^dnssec_bogus: DNSSEC does not validate/), 'Seen for shop.example.com A: the parent has a DS record for example.com. (key tag 12345), but the zone is not signed.',
      expect.stringMatching(/^What the customer can do: Remove the DS record at the registrar/),
    ]));
  });

  it('says when a resolver will have forgotten the old data', () => {
    const sentences = told({ codes: ['expected_value', 'old_value_cached'], findings: [{ code: 'old_value_cached', owner_name: 'shop.example.com.', type: 'A', detail: 'the resolver 192.0.2.53 says A 192.0.2.1 for 120 s more', expected_by: '2026-01-01T00:02:02.000Z' }] });

    expect(sentences).toContain('Seen for shop.example.com A: the resolver 192.0.2.53 says A 192.0.2.1 for 120 s more; this ends by 2026-01-01T00:02:02.000Z.');
    expect(sentences).toContain(observationCatalogue.old_value_cached.nextStep);
  });

  it('has message and next step for every code that does not agree, the weightiest first', () => {
    const sentences = told({ codes: [...observationCodes] });
    const beginnings = sentences.map((sentence) => sentence.split(':')[0]).filter((beginning) => beginning !== undefined && beginning in observationCatalogue);

    expect(beginnings).toEqual(Object.entries(observationCatalogue).filter(([, row]) => row.effect !== 'agrees').map(([code]) => code));
  });
});
