import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownerName, secret, type RecordSet } from '@connect/domain';
import { newTsigKey, startBind, startKnot, type RunningDnsServer, type ZoneInput } from '@connect/local-parts';
import { temporaryFolder, type TemporaryFolder } from '@connect/testing';
import { openProvider } from '../../base/index.js';
import type { ProviderAdapter, ProviderPorts, UpdateKey } from '../../spi/index.js';
import { createOutgoingPolicy, createProviderTransport, type ProviderTransport } from '../../transport/index.js';
import { rfc2136 } from './index.js';

const key = newTsigKey();
const zone = { id: 'shop.test.', apex: ownerName('shop.test.') };
const content: ZoneInput = { name: 'shop.test.', records: [{ name: 'www', type: 'TXT', value: '"one"' }, { name: 'alias', type: 'CNAME', value: 'target.example.net.' }, { name: '*.wild', type: 'A', value: '192.0.2.9' }, { name: 'child', type: 'NS', value: 'ns1.example.net.' }] };
const signal = new AbortController().signal;

type Given = Partial<{ key_name: string; secret: string; algorithm: string; port: number; server: string }>;

describe.each([['Knot', startKnot], ['BIND', startBind]] as const)('DNS UPDATE at %s', (name, start) => {
  let folder: TemporaryFolder;
  let server: RunningDnsServer;
  let transport: ProviderTransport;

  beforeAll(async () => {
    folder = temporaryFolder(`rfc2136-${name}`);
    server = await start({ dir: folder.path, zones: [content], key });
    transport = createProviderTransport({ policy: createOutgoingPolicy({ allow: ['127.0.0.1'] }) });
  }, 120_000);
  afterAll(async () => {
    await transport.close();
    await server.stop();
    folder.remove();
  });

  function open(given: Given = {}, ports: (ports: ProviderPorts) => ProviderPorts = (same) => same): ProviderAdapter {
    const token = secret(JSON.stringify({ server: server.address, port: server.port, key_name: key.name, algorithm: key.algorithm, secret: key.secret, ...given }));
    return openProvider(rfc2136, token, ports(transport.portsFor(rfc2136, token)));
  }

  it.each([
    ['another secret', { secret: Buffer.from('another secret').toString('base64') }],
    ['a key that the server does not know', { key_name: 'unknown-key.' }],
    ['another algorithm', { algorithm: 'hmac-sha1' }],
  ])('tells %s as a rejected credential, in reading, finding and checking', async (_, given) => {
    const adapter = open(given);

    await expect(adapter.findZone({ hostname: ownerName('www.shop.test.'), apex: zone.apex, zone: null }, signal)).rejects.toMatchObject({ code: 'rejected_credential' });
    expect(await adapter.checkCredential('shop.test', signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });

  it('says of a clock that is off that it is the clock, and to be tried later', async () => {
    const late = { now: () => new Date(Date.now() - 3_600_000), monotonicMs: () => 0 };
    const token = secret(JSON.stringify({ server: server.address, port: server.port, key_name: key.name, secret: key.secret }));
    const other = createProviderTransport({ policy: createOutgoingPolicy({ allow: ['127.0.0.1'] }), clock: late });

    await expect(openProvider(rfc2136, token, other.portsFor(rfc2136, token)).findZone({ hostname: zone.apex, apex: zone.apex, zone: null }, signal)).rejects.toMatchObject({ code: 'provider_unavailable', detail: expect.stringContaining('clocks') });
    await other.close();
  });

  it('is unavailable where nobody listens, and denied where we do not connect to', async () => {
    await expect(open({ port: 1 }).getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(open({ server: '127.0.0.2' }).getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'outgoing_denied' });
  });

  it('finds that a zone which the server does not have is not there', async () => {
    await expect(open().findZone({ hostname: ownerName('www.other.test.'), apex: ownerName('other.test.'), zone: null }, signal)).rejects.toMatchObject({ code: 'zone_not_found' });
    await expect(open().findZone({ hostname: ownerName('www.shop.test.'), apex: zone.apex, zone: 'www.shop.test' }, signal)).rejects.toMatchObject({ code: 'zone_not_found' });
  });

  describe('without the right to transfer the zone', () => {
    const withoutTransfer = (ports: ProviderPorts): ProviderPorts => ({ ...ports, dns: { ...ports.dns, transfer: () => Promise.resolve({ refused: { rcode: 'REFUSED', tsigError: null, signed: true, serverTime: null } }) } });

    it('reads single names, and takes no wildcard for a record', async () => {
      const names = ['www', 'alias', 'below.wild', '*.wild', 'none'].map((label) => ownerName(`${label}.shop.test.`));

      const reading = await open({}, withoutTransfer).getRecordSets(zone, names, signal);

      expect(reading.recordSets.map((set) => `${set.ownerName} ${set.type} ${set.values.join(' ')}`).sort()).toEqual(['*.wild.shop.test. A 192.0.2.9', 'alias.shop.test. CNAME target.example.net.', 'www.shop.test. TXT "one"']);
      expect(reading.recordSetCount).toBeNull();
    });

    it('cannot list the zone and says which right is missing', async () => {
      await expect(open({}, withoutTransfer).getRecordSets(zone, 'all', signal)).rejects.toMatchObject({ code: 'missing_permission', detail: expect.stringContaining('AXFR') });
    });

    it('writes under the same guards', async () => {
      const adapter = open({}, withoutTransfer);
      const after: RecordSet = { ownerName: ownerName('guarded.shop.test.'), type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] };
      const change = { ownerName: after.ownerName, type: 'A', before: null, after };

      const reading = await adapter.getRecordSets(zone, [after.ownerName], signal);
      const first = await adapter.applyChanges(zone, [change], reading, signal);
      const second = await adapter.applyChanges(zone, [change], reading, signal);

      expect([first[0]?.status, second[0]?.code]).toEqual(['applied', 'zone_changed']);
    });
  });

  it('takes no unsigned "done" for an answer', async () => {
    const stripped = (ports: ProviderPorts): ProviderPorts => ({ ...ports, dns: { ...ports.dns, update: async (...args) => ({ ...(await ports.dns.update(...args)), signed: false }) } });
    const adapter = open({}, stripped);
    const after: RecordSet = { ownerName: ownerName('unsigned.shop.test.'), type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] };
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    expect(await adapter.applyChanges(zone, [{ ownerName: after.ownerName, type: 'A', before: null, after }], reading, signal)).toMatchObject([{ status: 'unknown', code: 'outcome_unknown' }]);
  });

  it('keeps the key out of sight', () => {
    const parsed: UpdateKey[] = [];
    const spying = (ports: ProviderPorts): ProviderPorts => ({ ...ports, dns: { ...ports.dns, query: (_server, _question, given) => { parsed.push(given); return Promise.reject(new Error('seen')); } } });

    return open({}, spying).findZone({ hostname: zone.apex, apex: zone.apex, zone: null }, signal).catch((error: Error) => {
      expect(JSON.stringify(parsed)).not.toContain(key.secret);
      expect(JSON.stringify(parsed)).toContain('[secret]');
      expect(error.message).not.toContain(key.secret);
    });
  });
});
