import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownerName, secret, type RecordSet } from '@connect/domain';
import { startPowerdns, type RunningPowerdns } from '@connect/local-parts';
import { temporaryFolder, type TemporaryFolder } from '@connect/testing';
import { openProvider } from '../../base/index.js';
import type { ProviderAdapter, Zone } from '../../spi/index.js';
import { createOutgoingPolicy, createProviderTransport, type ProviderTransport } from '../../transport/index.js';
import { powerdns } from './index.js';

let folder: TemporaryFolder;
let server: RunningPowerdns;
let transport: ProviderTransport;
let adapter: ProviderAdapter;
const signal = new AbortController().signal;

beforeAll(async () => {
  folder = temporaryFolder('powerdns');
  server = await startPowerdns({ dir: folder.path });
  transport = createProviderTransport({ policy: createOutgoingPolicy({ allow: ['127.0.0.1'] }) });
  adapter = open({ url: server.apiUrl, api_key: server.apiKey });
}, 120_000);
afterAll(async () => {
  await transport.close();
  await server.stop();
  folder.remove();
});

function open(credential: { url: string; api_key: string; server_id?: string }): ProviderAdapter {
  const token = secret(JSON.stringify({ ...credential, url: credential.url.replace(/\/api\/v1.*$/, '') }));
  return openProvider(powerdns, token, transport.portsFor(powerdns, token));
}

async function api(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`${server.apiUrl}${path}`, { method, headers: { 'x-api-key': server.apiKey }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`PowerDNS answered ${response.status}: ${await response.text()}`);
  return response;
}

async function rrset(zone: string, name: string): Promise<unknown> {
  const answer = (await (await api('GET', `/zones/${zone}`)).json()) as { rrsets: { name: string }[] };
  return answer.rrsets.find((set) => set.name === name);
}

async function addValue(zone: Zone, name: string, value: string): Promise<string[]> {
  const reading = await adapter.getRecordSets(zone, 'all', signal);
  const before = reading.recordSets.find((set) => set.ownerName === ownerName(name) && set.type === 'TXT') ?? null;
  const after: RecordSet = { ownerName: ownerName(name), type: 'TXT', ttlSeconds: 300, values: [...(before?.values ?? []), value] };
  return (await adapter.applyChanges(zone, [{ ownerName: after.ownerName, type: 'TXT', before, after }], reading, signal)).map(({ status }) => status);
}

describe('what is odd about PowerDNS', () => {
  it('keeps disabled records of a set that it writes to', async () => {
    await server.addZone({ name: 'kept.test.' });
    await api('PATCH', '/zones/kept.test.', { rrsets: [{ name: 'www.kept.test.', type: 'TXT', ttl: 300, changetype: 'REPLACE', records: [{ content: '"on"', disabled: false }, { content: '"off"', disabled: true }] }] });
    const zone = { id: 'kept.test.', apex: ownerName('kept.test.') };

    expect(await addValue(zone, 'www.kept.test.', '"new"')).toEqual(['applied']);

    expect(await rrset('kept.test.', 'www.kept.test.')).toMatchObject({
      records: expect.arrayContaining([{ content: '"on"', disabled: false }, { content: '"off"', disabled: true }, { content: '"new"', disabled: false }]),
    });
  });

  it.each(['Slave', 'Consumer'])('refuses a zone of kind %s, whose next transfer would undo the write', async (kind) => {
    const name = `${kind.toLowerCase()}.test.`;
    await api('POST', '/zones', { name, kind, masters: ['127.0.0.1'], nameservers: [] });

    await expect(adapter.findZone({ hostname: ownerName(`www.${name}`), apex: ownerName(name), zone: null }, signal)).rejects.toMatchObject({ code: 'zone_not_writable' });
  });

  it('takes the longest zone: a record in the parent would never be served', async () => {
    await server.addZone({ name: 'parent.test.' });
    await server.addZone({ name: 'child.parent.test.' });

    const zone = await adapter.findZone({ hostname: ownerName('www.child.parent.test.'), apex: ownerName('parent.test.'), zone: null }, signal);

    expect(zone.apex).toBe('child.parent.test.');
  });

  it('writes to a signed zone and to one with secondaries', async () => {
    await api('POST', '/zones', { name: 'signed.test.', kind: 'Master', nameservers: ['ns1.signed.test.'], dnssec: true, api_rectify: false });
    const zone = { id: 'signed.test.', apex: ownerName('signed.test.') };

    expect(await addValue(zone, 'www.signed.test.', '"new"')).toEqual(['applied']);
  });

  it('says zone_not_found for a server_id that is not there', async () => {
    const other = open({ url: server.apiUrl, api_key: server.apiKey, server_id: 'elsewhere' });

    await expect(other.getRecordSets({ id: 'kept.test.', apex: ownerName('kept.test.') }, 'all', signal)).rejects.toMatchObject({ code: 'zone_not_found' });
  });

  it('says in the check that the key opens the whole server', async () => {
    expect((await adapter.checkCredential(null, signal)).widerThanNeeded).toContain('every zone');
  });
});
