import { describe, expect, it } from '@jest/globals';
import { ownerName, type Change, type RecordSet } from '@connect/domain';
import { prepareChanges } from './base/index.js';
import { providerById } from './registry.js';
import type { Provider } from './spi/index.js';

const [cloudflare, powerdns] = [providerById('cloudflare'), providerById('powerdns')];
const apex = ownerName('example.com');
const set = (type: string, value: string, name = apex): RecordSet => ({ ownerName: name, type, ttlSeconds: 3_600, values: [value] });
const alias: Change = { ownerName: apex, type: 'CNAME', before: null, after: set('CNAME', 'edge.example.net.') };

function statusOf(provider: Provider, existing: RecordSet[], change = alias): string[] {
  const { accepted, settled } = prepareChanges(provider, { id: 'z', apex }, [change], { names: 'all', recordSets: existing, recordSetCount: null, native: null });
  return [...accepted.map(() => 'accepted'), ...settled.map(({ code }) => code ?? 'settled')];
}

describe('a CNAME at the apex', () => {
  it('stands beside mail and text where the provider flattens it', () => {
    expect(statusOf(cloudflare, [set('MX', '10 mail.example.com.'), set('TXT', '"x"')])).toEqual(['accepted']);
  });

  it('does not stand beside an address, flattened or not', () => {
    expect(statusOf(cloudflare, [set('A', '192.0.2.1')])).toEqual(['record_conflict']);
  });

  it('excludes everything below the apex, as anywhere', () => {
    const www = ownerName('www.example.com');

    expect(statusOf(cloudflare, [set('TXT', '"x"', www)], { ownerName: www, type: 'CNAME', before: null, after: set('CNAME', 'edge.example.net.', www) })).toEqual(['record_conflict']);
  });

  it('is refused where the provider serves it as it is', () => {
    expect(statusOf(powerdns, [])).toEqual(['unsupported']);
  });
});
