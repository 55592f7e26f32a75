import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName } from '@connect/domain';
import { Stage, changeTo, setOf } from '../../conformance/index.js';
import { gcpdnsCredentialDescription } from './credential.js';
import { gcpdnsWorld, keyFile, type GcpdnsWorld } from './gcpdns-world.fake.js';
import type { GcpdnsFakeOptions } from './gcpdns.fake.js';
import type { FakeZoneSeed } from './gcpdns-zone.fake.js';

const apex = ownerName('example.com.');
const signal = new AbortController().signal;
const example: FakeZoneSeed = { name: 'example-com', dnsName: 'example.com.' };
let world: GcpdnsWorld;

afterEach(() => world.stop());

async function open(zones: FakeZoneSeed[], token: Readonly<Record<string, unknown>> = {}, options: Partial<GcpdnsFakeOptions> = {}): Promise<ReturnType<Stage['open']>> {
  world = await gcpdnsWorld({ zones, token: keyFile(token), ...options });
  return new Stage(world).open();
}

const search = (hostname: string, zone: string | null = null): Parameters<ReturnType<Stage['open']>['findZone']>[0] => ({ hostname: ownerName(hostname), apex, zone });
/** The permissions of the minimal policy, as a customer copies them. */
const minimal = /--permissions=(\S+)/.exec(gcpdnsCredentialDescription.minimalPolicy)![1]!.split(',');
const onZone = (...permissions: string[]): Partial<GcpdnsFakeOptions> => ({ grants: { project: [], zones: { 'example-com': permissions } } });

describe('the zone of a name', () => {
  it('is that of the credential, without a search', async () => {
    const adapter = await open([example], { managed_zone: 'example-com' });

    expect(await adapter.findZone(search('www.example.com'), signal)).toEqual({ id: 'example-com', apex });
    expect(world.fake.requests.filter(({ path }) => path.endsWith('/managedZones'))).toEqual([]);
  });

  it('is that of the credential also below a delegation, which the reading shows: a plan is refused for it', async () => {
    const adapter = await open([example, { name: 'sub', dnsName: 'sub.example.com.' }], { managed_zone: 'example-com' }, onZone(...minimal));
    world.fake.zones.get('example-com')!.put({ name: 'sub.example.com.', type: 'NS', ttl: 300, rrdatas: ['ns1.example.net.'] });

    const zone = await adapter.findZone(search('www.sub.example.com'), signal);
    const { recordSets } = await adapter.getRecordSets(zone, [ownerName('www.sub.example.com'), ownerName('sub.example.com')], signal);

    expect([zone.id, recordSets.map(({ ownerName: name, type }) => `${name} ${type}`)]).toEqual(['example-com', ['sub.example.com. NS']]);
  });

  it('is that of the credential also by its number, and known by its name then', async () => {
    const adapter = await open([example], { managed_zone: '1234567890123456789' });

    expect(await adapter.findZone(search('www.example.com'), signal)).toEqual({ id: 'example-com', apex });
  });

  it('is found by its DNS name where the credential names none, the longest one first', async () => {
    const adapter = await open([example, { name: 'sub', dnsName: 'sub.example.com.' }, { name: 'other', dnsName: 'other-example.com.' }]);

    expect(await adapter.findZone(search('a.b.sub.example.com'), signal)).toMatchObject({ id: 'sub' });
    expect(await adapter.findZone(search('a.b.example.com'), signal)).toMatchObject({ id: 'example-com' });
  });

  it('is searched for where the zone of the credential is another one and the account may list', async () => {
    const adapter = await open([{ name: 'other', dnsName: 'other.test.' }, example], { managed_zone: 'other' });

    expect(await adapter.findZone(search('www.example.com'), signal)).toMatchObject({ id: 'example-com' });
  });

  it('is not found where the zone of the credential is another one and the account may not list', async () => {
    const adapter = await open([{ name: 'example-com', dnsName: 'other.test.' }], { managed_zone: 'example-com' }, onZone(...minimal));

    await expect(adapter.findZone(search('www.example.com'), signal)).rejects.toMatchObject({ code: 'zone_not_found', detail: 'the zone example-com is for other.test, not for www.example.com' });
  });

  it.each(['example-com', '1234567890123456789', 'example.com', 'Example.COM.'])('is what the caller named (%s), and checked', async (zone) => {
    const adapter = await open([example]);

    expect(await adapter.findZone(search('www.example.com', zone), signal)).toEqual({ id: 'example-com', apex });
    await expect(adapter.findZone(search('www.example.net', zone), signal)).rejects.toMatchObject({ code: 'zone_not_found' });
  });

  it('is known by its DNS name without a search where it is that of the credential', async () => {
    const adapter = await open([example], { managed_zone: 'example-com' }, onZone(...minimal));

    expect(await adapter.findZone(search('www.example.com', 'example.com'), signal)).toEqual({ id: 'example-com', apex });
  });

  it.each(['no-such-zone', 'nothing.test', 'a/b', '../projects'])('is not found where there is none of that name (%s)', async (zone) => {
    const adapter = await open([example]);

    await expect(adapter.findZone(search('www.example.com', zone), signal)).rejects.toMatchObject({ code: 'zone_not_found' });
  });

  it('stands on a later page of the list', async () => {
    const adapter = await open([...Array.from({ length: 12 }, (_, at): FakeZoneSeed => ({ name: `twin-${at}`, dnsName: 'example.com.', visibility: 'private' })), example], {}, { pageLimit: 5 });

    expect(await adapter.findZone(search('www.example.com'), signal)).toMatchObject({ id: 'example-com' });
  });

  it('is ambiguous where several public zones have the name, and then the caller names one', async () => {
    const adapter = await open([example, { name: 'second', dnsName: 'example.com.' }]);

    await expect(adapter.findZone(search('www.example.com'), signal)).rejects.toMatchObject({ code: 'zone_ambiguous' });
    expect(await adapter.findZone(search('www.example.com', 'second'), signal)).toMatchObject({ id: 'second' });
  });

  it('may be in another project than the service account', async () => {
    const adapter = await open([example], { project: 'dns-project' }, { project: 'dns-project' });

    expect(await adapter.findZone(search('www.example.com'), signal)).toMatchObject({ id: 'example-com' });
  });
});

describe('zones that nobody on the Internet sees', () => {
  const odd: [string, Partial<FakeZoneSeed>][] = [
    ['private', { visibility: 'private' }], ['peering', { more: { peeringConfig: { targetNetwork: {} } } }], ['forwarding', { more: { forwardingConfig: { targetNameServers: [] } } }],
    ['reverse lookup', { more: { reverseLookupConfig: {} } }], ['service directory', { more: { serviceDirectoryConfig: { namespace: {} } } }],
  ];

  it.each(odd)('%s: never found by a search', async (_, more) => {
    const adapter = await open([{ ...example, name: 'inside', ...more }, { ...example, name: 'public' }]);

    expect(await adapter.findZone(search('www.example.com'), signal)).toMatchObject({ id: 'public' });
  });

  it.each(odd)('%s: refused when named', async (_, more) => {
    const adapter = await open([{ ...example, ...more }], { managed_zone: 'example-com' });

    await expect(adapter.findZone(search('www.example.com'), signal)).rejects.toMatchObject({ code: 'zone_not_writable' });
  });
});

describe('rights', () => {
  it('of the minimal policy suffice: a zone is found, read, written and its check is content', async () => {
    const adapter = await open([example], { managed_zone: 'example-com' }, onZone(...minimal));

    const zone = await adapter.findZone(search('www.example.com'), signal);
    const reading = await adapter.getRecordSets(zone, [ownerName('www.example.com.')], signal);
    const [created] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);
    const later = await adapter.getRecordSets(zone, [ownerName('www.example.com.')], signal);
    const [changed] = await adapter.applyChanges(zone, [changeTo(later, setOf(apex, 'www', 'A', ['192.0.2.2']))], later, signal);

    expect([created, changed].map((outcome) => [outcome?.status, outcome?.detail])).toEqual([['applied', null], ['applied', null]]);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, zones: [zone], may: ['read_records', 'write_records'], widerThanNeeded: null });
  });

  it('of the user’s page (roles/dns.admin) suffice, and the narrower recipe is named', async () => {
    const adapter = await open([example], { managed_zone: 'example-com' });

    const zone = await adapter.findZone(search('www.example.com'), signal);
    const reading = await adapter.getRecordSets(zone, [ownerName('www.example.com.')], signal);
    const [created] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);
    const finding = await adapter.checkCredential(null, signal);

    expect(created).toMatchObject({ status: 'applied', detail: null });
    expect(finding).toMatchObject({ valid: true, code: null, may: ['list_zones', 'read_records', 'write_records'] });
    expect(finding.widerThanNeeded).toContain('may delete, update, setIamPolicy the zone itself, and may list all zones of the project');
  });

  it('to write may be missing, and are named', async () => {
    const adapter = await open([example], { managed_zone: 'example-com' }, onZone('dns.managedZones.get', 'dns.resourceRecordSets.list'));

    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, code: 'missing_permission', detail: expect.stringContaining('dns.resourceRecordSets.create'), may: ['read_records'] });
    const reading = await adapter.getRecordSets({ id: 'example-com', apex }, 'all', signal);
    await expect(adapter.applyChanges({ id: 'example-com', apex }, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal)).rejects.toMatchObject({ code: 'missing_permission' });
  });

  it('to look at a change may be missing: it counts as written', async () => {
    const adapter = await open([example], { managed_zone: 'example-com' }, onZone(...minimal.filter((each) => each !== 'dns.changes.get')));
    const reading = await adapter.getRecordSets({ id: 'example-com', apex }, 'all', signal);

    expect(await adapter.applyChanges({ id: 'example-com', apex }, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal)).toMatchObject([{ status: 'applied', detail: expect.stringContaining('no dns.changes.get') }]);
  });

  it('to list zones may be missing: without managed_zone the next step is named', async () => {
    const adapter = await open([example], {}, onZone(...minimal));

    await expect(adapter.findZone(search('www.example.com'), signal)).rejects.toMatchObject({ code: 'missing_permission', detail: expect.stringContaining('managed_zone') });
    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, zones: [], zonesComplete: false });
  });
});

describe('gates', () => {
  it.each([['api_off', 'dns.googleapis.com'], ['no_billing', 'billing']] as const)('%s is told apart from a wrong key, with its remedy', async (trouble, says) => {
    const adapter = await open([example], { managed_zone: 'example-com' }, { trouble });

    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, code: 'account_not_eligible', detail: expect.stringContaining(says) });
  });

  it('a project that is not the account’s is a missing permission', async () => {
    const adapter = await open([example], { managed_zone: 'example-com', project: 'somebody-else' });

    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, code: 'missing_permission' });
  });

  it('an account that was deleted is a rejected credential', async () => {
    const adapter = await open([example], { managed_zone: 'example-com' }, { account: 'deleted' });

    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: false, code: 'rejected_credential' });
  });

  it('a check without a zone lists the public ones', async () => {
    const adapter = await open([example, { name: 'inside', dnsName: 'inside.test.', visibility: 'private' }, { name: 'more', dnsName: 'more.test.' }], {}, { pageLimit: 1 });

    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, zones: [{ id: 'example-com' }, { id: 'more' }], zonesComplete: true });
  });
});
