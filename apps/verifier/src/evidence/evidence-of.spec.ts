import { describe, expect, it } from '@jest/globals';
import { ownerName, txtValueOfBytes, type RecordSet } from '@connect/domain';
import type { Look, SeenAnswer } from '../check/propagation-check.js';
import type { AnswerRecord } from '../ports/name-server-asker.port.js';
import { evidenceOf } from './evidence-of.js';

const mostOctetsOfMessage = 1024 * 1024;
const zone = ownerName('example.com');
const recordSet: RecordSet = { ownerName: ownerName('shop.example.com'), type: 'TXT', ttlSeconds: 300, values: ['"ours"'] };
const huge = txtValueOfBytes(Buffer.alloc(60_000, 0xc3));

function looked(values: string[], places: { addresses: number; nameServers?: number }): Look {
  const answers: AnswerRecord[] = values.map((value) => ({ ownerName: recordSet.ownerName, type: 'TXT', ttlSeconds: 300, value }));
  const seen = Array.from({ length: places.addresses }, (_, at): SeenAnswer => ({
    server: ownerName('ns1.example.net'), address: `192.0.2.${at}`, recordSet, code: 'conflicting_value', served: [],
    answer: { kind: 'answer', rcode: 'NOERROR', authoritative: true, answers, authorities: [], additionals: [], transport: 'tcp', elapsedMs: 1 },
  }));
  const nameServers = Array.from({ length: places.nameServers ?? 1 }, (_, at) => ({ name: ownerName(`ns${at}.${'long.'.repeat(40)}example.net`), addresses: [], namedBy: 'both' as const }));
  return { seen, chains: [[{ zone, nameServers, leftOut: 0, isWhole: true, ttlSeconds: 300, from: '192.0.2.53' }]], observedAt: new Date('2026-01-01T00:00:00.000Z'), conclusion: { verdict: 'conflicting', codes: [], warnings: [], silences: {} } };
}
function octetsOf(kept: unknown): number {
  return Buffer.byteLength(JSON.stringify(kept));
}

describe('evidence', () => {
  it('holds what each address answered', () => {
    const kept = evidenceOf(looked(['"ours"', '"another"'], { addresses: 2 }), { sights: [], links: [] });

    expect(kept.observations.map(({ address, answers }) => [address, answers])).toEqual([
      ['192.0.2.0', ['shop.example.com. 300 TXT "ours"', 'shop.example.com. 300 TXT "another"']], ['192.0.2.1', ['shop.example.com. 300 TXT "ours"', 'shop.example.com. 300 TXT "another"']],
    ]);
  });

  it('holds the beginning of an answer that is too long, of every address', () => {
    const kept = evidenceOf(looked([huge, '"ours"'], { addresses: 4 }), { sights: [], links: [] });

    expect(kept.observations).toHaveLength(4);
    for (const { answers } of kept.observations) expect(answers).toEqual([expect.stringMatching(/^shop\.example\.com\. 300 TXT "\\195.* … \(\d+ characters\)$/), 'shop.example.com. 300 TXT "ours"']);
  });

  it('says how many values it leaves out', () => {
    const [observation] = evidenceOf(looked(Array.from({ length: 3_000 }, (_, at) => `"value ${at}"`), { addresses: 1 }), { sights: [], links: [] }).observations;

    expect(observation?.answers[0]).toBe('shop.example.com. 300 TXT "value 0"');
    expect(observation?.answers.at(-1)).toBe(`… and ${3_000 - ((observation?.answers.length ?? 0) - 1)} more`);
  });

  it.each([
    ['each of many addresses answers as much as a message of the DNS holds', looked([huge], { addresses: 2_000 }), []],
    ['a delegation names thousands of servers', looked(['"ours"'], { addresses: 1, nameServers: 4_000 }), []],
    ['many resolvers say much', looked(['"ours"'], { addresses: 1 }), Array.from({ length: 200 }, () => huge)],
  ])('fits into one message where %s', (_, look, said) => {
    const sights = said.map((value, at) => ({ resolver: `192.0.2.${at}`, recordSet, code: 'old_value_cached' as const, rcode: 'NOERROR', answers: [{ ownerName: recordSet.ownerName, type: 'TXT', ttlSeconds: 300, value }], secondsLeft: 1 }));

    const kept = evidenceOf(look, { sights, links: [] });

    expect(octetsOf(kept)).toBeLessThan(mostOctetsOfMessage);
    expect(kept.observations[0]?.answers[0]).toContain('shop.example.com. 300 TXT');
    expect(kept.delegation[0]?.name_servers[0]).toContain('ns0.');
    expect(kept.resolvers[0]?.answers[0]).toEqual(sights.length === 0 ? undefined : expect.stringContaining('shop.example.com. 300 TXT'));
  });
});
