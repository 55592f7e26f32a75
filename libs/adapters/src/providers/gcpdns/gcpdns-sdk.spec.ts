import { afterEach, describe, expect, it } from '@jest/globals';
import { DNS, type Zone as TheirZone } from '@google-cloud/dns';
import { ownerName } from '@connect/domain';
import { Stage, changeTo, deletion, find, setOf } from '../../conformance/index.js';
import { gcpdnsWorld, goodToken, wrongToken, type GcpdnsWorld } from './gcpdns-world.fake.js';

const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: 'example-com', apex };
const signal = new AbortController().signal;
let world: GcpdnsWorld;

afterEach(() => world.stop());

/** A part of what Google's authentication library makes of a key file; its requests can be turned before they leave. */
type JwtClient = { transporter: { interceptors: { request: { add(interceptor: { resolved(options: { url: URL }): Promise<unknown> }): unknown } } } };

/** Google's own client, which gets its token from the fake as well. It insists on https, and on Google's address for tokens: both are turned to loopback. */
async function theirClient(credential = goodToken): Promise<{ dns: DNS; theirZone: TheirZone }> {
  world = await gcpdnsWorld({ zones: [{ name: 'example-com', dnsName: apex }] });
  const key = JSON.parse(credential) as { project_id: string; client_email: string; private_key: string };
  const dns = new DNS({ projectId: key.project_id, credentials: key, apiEndpoint: `127.0.0.1:${world.fake.port}` });
  dns.interceptors.push({ request: (options) => Object.assign(options, { uri: (options as { uri: string }).uri.replace('https://127.0.0.1', 'http://127.0.0.1') }) });
  const client = (await dns.authClient.getClient()) as unknown as JwtClient;
  client.transporter.interceptors.request.add({ resolved: (options) => Promise.resolve(Object.assign(options, { url: new URL(options.url.pathname, world.fake.origin) })) });
  return { dns, theirZone: dns.zone('example-com') };
}

describe('@google-cloud/dns and our adapter see the same zone', () => {
  it('theirs finds the zone and reads its description', async () => {
    const { dns, theirZone } = await theirClient();

    const [zones] = await dns.getZones();
    const [metadata]: unknown[] = await theirZone.getMetadata();

    expect(zones.map(({ id }) => id)).toEqual(['example-com']);
    expect(metadata).toMatchObject({ dnsName: 'example.com.', visibility: 'public' });
    expect(world.fake.requests[0]!.path).toBe('/token');
  });

  it('what theirs creates, changes and deletes, ours reads', async () => {
    const { theirZone } = await theirClient();
    const adapter = new Stage(world).open();
    const record = theirZone.record('a', { name: www, ttl: 300, data: ['192.0.2.1', '192.0.2.2'] });
    const later = theirZone.record('a', { name: www, ttl: 60, data: '192.0.2.3' });

    const [change] = await theirZone.addRecords([record, theirZone.record('txt', { name: apex, ttl: 300, data: '"v=spf1 -all"' })]);
    const created = await adapter.getRecordSets(zone, [www, apex], signal);
    await theirZone.createChange({ delete: record, add: later });
    const changed = await adapter.getRecordSets(zone, [www], signal);
    await later.delete();
    const deleted = await adapter.getRecordSets(zone, [www], signal);

    expect(await change.getMetadata()).toMatchObject([{ status: 'done' }, expect.anything()]);
    expect(created.recordSets).toContainEqual(setOf(apex, 'www', 'A', ['192.0.2.1', '192.0.2.2']));
    expect(created.recordSets).toContainEqual(setOf(apex, '', 'TXT', ['"v=spf1 -all"']));
    expect(changed.recordSets).toEqual([setOf(apex, 'www', 'A', ['192.0.2.3'], 60)]);
    expect(deleted.recordSets).toEqual([]);
  });

  it('what ours creates, changes and deletes, theirs lists', async () => {
    const { theirZone } = await theirClient();
    const adapter = new Stage(world).open();
    const listed = async (): Promise<(string[] | undefined)[]> => (await theirZone.getRecords({ name: www, type: 'TXT' }))[0].map(({ data }) => data as string[] | undefined);
    const write = async (values: string[]): Promise<void> => {
      const reading = await adapter.getRecordSets(zone, [www], signal);
      await adapter.applyChanges(zone, [values.length === 0 ? deletion(reading, www, 'TXT') : changeTo(reading, setOf(apex, 'www', 'TXT', values))], reading, signal);
    };

    await write(['"one"', '"say \\"two\\""']);
    const created = await listed();
    await write(['"one"']);
    const changed = await listed();
    await write([]);

    expect([created, changed, await listed()]).toEqual([[['"one"', '"say \\"two\\""']], [['"one"']], []]);
  });

  it('theirs is refused as ours is: a set that is there, and one that moved', async () => {
    const { theirZone } = await theirClient();
    const record = (ttl: number): ReturnType<TheirZone['record']> => theirZone.record('a', { name: www, ttl, data: '192.0.2.1' });
    await theirZone.addRecords(record(300));

    await expect(theirZone.addRecords(record(300))).rejects.toMatchObject({ code: 409, errors: [{ reason: 'alreadyExists' }] });
    await expect(theirZone.deleteRecords(record(60))).rejects.toMatchObject({ code: 412, errors: [{ reason: 'conditionNotMet' }] });
  });

  it('theirs writes while ours is about to: ours is refused, and theirs stays', async () => {
    const { theirZone } = await theirClient();
    const adapter = new Stage(world).open();
    const reading = await adapter.getRecordSets(zone, [www], signal);
    await theirZone.addRecords(theirZone.record('a', { name: www, ttl: 300, data: '198.51.100.1' }));

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect(outcome).toMatchObject({ status: 'refused', code: 'zone_changed' });
    expect(find((await adapter.getRecordSets(zone, [www], signal)).recordSets, www, 'A')?.values).toEqual(['198.51.100.1']);
  });

  it('theirs is turned away by the token endpoint with a key of somebody else', async () => {
    const { dns } = await theirClient(wrongToken);

    await expect(dns.getZones()).rejects.toThrow('invalid_grant');
  });
});
