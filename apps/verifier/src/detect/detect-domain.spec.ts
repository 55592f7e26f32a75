import { describe, expect, it } from '@jest/globals';
import { ownerName, systemClock, txtValue, type RecordType } from '@connect/domain';
import type { Detection } from '@connect/contracts';
import type { NameServerAsker } from '../ports/name-server-asker.port.js';
import type { WalkFromRoot } from '../walk/walk-from-root.js';
import { DetectDomain } from './detect-domain.use-case.js';

const [hostname, apex] = [ownerName('shop.example.com'), ownerName('example.com')];

/** What is detected where the zone serves these records and nothing else. */
function detected(records: { name: string; type: RecordType; value: string }[]): Promise<Detection> {
  const zone = { zone: apex, nameServers: [{ name: ownerName('ns1.example.com'), addresses: ['192.0.2.53'], namedBy: 'both' as const }], leftOut: 0, isWhole: true, ttlSeconds: 60, from: '192.0.2.1' };
  const walk: Partial<WalkFromRoot> = { walk: () => Promise.resolve({ outcome: 'found', chain: [zone] }) };
  const asker: NameServerAsker = {
    ask: (_, question) => Promise.resolve({
      kind: 'answer', rcode: 'NOERROR', authoritative: true, authorities: [], additionals: [], transport: 'udp', elapsedMs: 1,
      answers: records.map(({ name, type, value }) => ({ ownerName: ownerName(name), type, ttlSeconds: 60, value })).filter((record) => record.ownerName === question.ownerName && record.type === question.type),
    }),
  };
  return new DetectDomain(walk as WalkFromRoot, asker, () => [], systemClock).run(hostname, apex, new AbortController().signal);
}
const offered = async (...texts: string[]): Promise<string | null> => (await detected(texts.map((text) => ({ name: '_domainconnect.example.com', type: 'TXT', value: txtValue(text) })))).domain_connect?.api_url ?? null;

describe('what a detection takes from a foreign zone', () => {
  it('is the place of a Domain Connect API', async () => {
    expect(await offered('domainconnect.example.net')).toBe('domainconnect.example.net');
    expect(await offered('api.example.net:8443/client/v4')).toBe('api.example.net:8443/client/v4');
    expect(await offered()).toBeNull();
  });

  it('is no text that names no place: Postgres keeps no NUL in jsonb, and the fact would never be taken', async () => {
    expect(await offered('a\u0000b')).toBeNull();
    expect(await offered('api.example.net/\u0000')).toBeNull();
    expect(await offered('see https://example.net')).toBeNull();
    expect(await offered(`api.example.net/${'a'.repeat(255)}`)).toBeNull();
    expect(await offered('a\u0000b', 'api.example.net')).toBe('api.example.net');
  });

  it('is no record set so large that the bus would refuse the fact', async () => {
    const { served } = await detected([
      ...Array.from({ length: 101 }, (_, at) => ({ name: 'shop.example.com', type: 'TXT', value: txtValue(`${at}`) })),
      { name: 'shop.example.com', type: 'CAA', value: `0 issue "${'\\001'.repeat(16_384)}"` },
      { name: 'shop.example.com', type: 'A', value: '192.0.2.7' },
    ]);

    expect(served).toMatchObject([{ type: 'A', values: ['192.0.2.7'] }]);
  });
});
