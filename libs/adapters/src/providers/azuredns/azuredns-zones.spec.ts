import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName } from '@connect/domain';
import { Stage, changeTo, deletion, setOf, type FakeRequest } from '../../conformance/index.js';
import { failed, type AzurednsFakeOptions } from './azuredns.fake.js';
import { azurednsWorld, credentialJson, type AzurednsWorld } from './azuredns-world.fake.js';
import type { FakeZoneSeed } from './azuredns-zone.fake.js';
import { azurednsCredentialDescription } from './credential.js';

const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const signal = new AbortController().signal;
const example: FakeZoneSeed = { name: 'example.com' };
let world: AzurednsWorld;

afterEach(() => world.stop());

async function open(zones: readonly FakeZoneSeed[], options: Partial<AzurednsFakeOptions> & { token?: string } = {}): Promise<ReturnType<Stage['open']>> {
  world = await azurednsWorld({ zones, ...options });
  return new Stage(world).open();
}

const search = (hostname: string, zone: string | null = null): Parameters<ReturnType<Stage['open']>['findZone']>[0] => ({ hostname: ownerName(hostname), apex, zone });
/** The actions of the minimal policy, as a customer copies them. */
const minimal = (JSON.parse(/'(\{.*\})'/.exec(azurednsCredentialDescription.minimalPolicy)![1]!) as { Actions: string[] }).Actions;
const onZone = (...actions: string[]): Partial<AzurednsFakeOptions> => ({ assignments: [{ zone: 'example.com', actions }] });
const resourceId = (group: string, kind = 'dnsZones'): string => `/subscriptions/11111111-AAAA-4bbb-8ccc-000000000003/resourceGroups/${group}/providers/microsoft.network/${kind}/Example.com`;

describe('the zone of a name', () => {
  it('is the longest one, delegated sub-domains included', async () => {
    const adapter = await open([example, { name: 'sub.example.com' }, { name: 'other-example.com' }]);

    expect(await adapter.findZone(search('a.b.sub.example.com'), signal)).toEqual({ id: 'sub.example.com', apex: 'sub.example.com.' });
    expect(await adapter.findZone(search('a.b.example.com'), signal)).toEqual({ id: 'example.com', apex });
  });

  it('is found with a role on that zone only, though all others answer 403', async () => {
    const adapter = await open([example, { name: 'sub.example.com' }], onZone(...minimal));

    expect(await adapter.findZone(search('a.sub.example.com'), signal)).toMatchObject({ id: 'example.com' });
  });

  it('is a missing permission where no answer was better than 403', async () => {
    const adapter = await open([example], { assignments: [{ zone: 'elsewhere.test', actions: minimal }] });

    await expect(adapter.findZone(search('www.example.com'), signal)).rejects.toMatchObject({ code: 'missing_permission' });
  });

  it.each(['example.com', 'Example.COM.', ' example.com ', resourceId('dns-rg'), resourceId('DNS-RG', 'DnsZones')])('is what the caller named (%s), and checked', async (zone) => {
    const adapter = await open([example]);

    expect(await adapter.findZone(search('www.example.com', zone), signal)).toEqual({ id: 'example.com', apex });
    await expect(adapter.findZone(search('www.example.net', zone), signal)).rejects.toMatchObject({ code: 'zone_not_found' });
  });

  it('keeps the case in which somebody made it, and is the same zone', async () => {
    const adapter = await open([{ name: 'Example.com' }]);

    const zone = await adapter.findZone(search('www.example.com'), signal);
    const reading = await adapter.getRecordSets(zone, [www], signal);
    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal);

    expect([zone.apex, outcome?.status]).toEqual([apex, 'applied']);
  });

  it.each([['of another resource group', resourceId('other-rg')], ['that does not exist', 'nothing.test'], ['that is a path', 'a/../b'], ['that is nothing', ' ']])('is not found where the caller named one %s, and no other is called', async (_, zone) => {
    const adapter = await open([example]);

    await expect(adapter.findZone(search('www.example.com', zone), signal)).rejects.toMatchObject({ code: 'zone_not_found' });
    expect(world.fake.requests.every(({ path }) => path.startsWith('/subscriptions/11111111-aaaa-4bbb-8ccc-000000000003/resourceGroups/dns-rg/') || path.endsWith('/token'))).toBe(true);
  });

  it.each([['resource_group', { resource_group: 'no-such-rg' }], ['subscription_id', { subscription_id: '11111111-aaaa-4bbb-8ccc-00000000000f' }]])('is not looked for under other names where %s is wrong, and that is named', async (member, changed) => {
    const adapter = await open([example], { token: credentialJson(changed) });

    await expect(adapter.findZone(search('a.b.c.example.com'), signal)).rejects.toMatchObject({ code: 'zone_not_found', detail: expect.stringContaining(member) });
    expect(world.fake.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('is never a private one: skipped by a search, refused when named', async () => {
    const adapter = await open([example, { name: 'sub.example.com', zoneType: 'Private' }]);

    expect(await adapter.findZone(search('www.sub.example.com'), signal)).toMatchObject({ id: 'example.com' });
    await expect(adapter.findZone(search('www.sub.example.com', 'sub.example.com'), signal)).rejects.toMatchObject({ code: 'zone_not_writable' });
    await expect(adapter.findZone(search('www.example.com', resourceId('dns-rg', 'privateDnsZones')), signal)).rejects.toMatchObject({ code: 'zone_not_writable' });
  });
});

describe('rights', () => {
  it('of the minimal policy suffice: a zone is found, read, written and its check is content', async () => {
    const adapter = await open([example, { name: 'other.test' }], onZone(...minimal));

    const zone = await adapter.findZone(search('www.example.com'), signal);
    const reading = await adapter.getRecordSets(zone, [www], signal);
    const [created] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'www', 'TXT', ['"x"']))], reading, signal);
    const between = await adapter.getRecordSets(zone, [www], signal);
    const [changed] = await adapter.applyChanges(zone, [changeTo(between, setOf(apex, 'www', 'TXT', ['"y"']))], between, signal);
    const later = await adapter.getRecordSets(zone, [www], signal);
    const [deleted] = await adapter.applyChanges(zone, [deletion(later, www, 'TXT')], later, signal);

    expect([created, changed, deleted].map((outcome) => [outcome?.status, outcome?.detail])).toEqual([['applied', null], ['applied', null], ['applied', null]]);
    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, detail: null, zones: [zone], may: ['list_zones', 'read_records', 'write_records'], widerThanNeeded: null });
    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, zones: [zone], zonesComplete: true, widerThanNeeded: null });
  });

  it('of the user’s page (DNS Zone Contributor on the resource group) suffice, and the narrower recipe is named', async () => {
    const adapter = await open([example, { name: 'other.test' }]);

    const finding = await adapter.checkCredential('example.com', signal);

    expect(finding).toMatchObject({ valid: true, code: null, may: ['list_zones', 'read_records', 'write_records'] });
    expect(finding.widerThanNeeded).toBe('The application may delete the zone itself, and sees 1 other zone. The minimal policy is a role of its own, given on the one zone.');
  });

  it('of an owner of the subscription are much wider than needed', async () => {
    const adapter = await open([example], { assignments: [{ actions: ['*'] }] });

    expect((await adapter.checkCredential('example.com', signal)).widerThanNeeded).toContain('give roles to others, and may change much beside DNS');
  });

  it('to write may be missing, and are named; a write is refused for good', async () => {
    const adapter = await open([example], onZone('Microsoft.Network/dnsZones/*/read', 'Microsoft.Network/dnsZones/read', 'Microsoft.Authorization/permissions/read', 'Microsoft.Network/dnsZones/TXT/*'));

    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'missing_permission', detail: expect.stringContaining('Microsoft.Network/dnsZones/CNAME/write'), may: ['list_zones', 'read_records'] });
    const reading = await adapter.getRecordSets({ id: 'example.com', apex }, 'all', signal);
    await expect(adapter.applyChanges({ id: 'example.com', apex }, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal)).rejects.toMatchObject({ code: 'missing_permission' });
  });

  it('to look at themselves may be missing: the check says what is not known', async () => {
    const adapter = await open([example], onZone(...minimal.slice(0, -1)));

    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, detail: expect.stringContaining('shows at the first write'), may: ['list_zones', 'read_records'] });
  });

  it('to read may be missing, too, and are named', async () => {
    const adapter = await open([example], onZone('Microsoft.Network/dnsZones/read'));

    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'missing_permission', detail: expect.stringContaining('recordsets/read'), may: ['list_zones'] });
  });

  it('to list zones may be missing: the zone itself suffices', async () => {
    const adapter = await open([example], onZone(...minimal));
    world.fake.fail({ fault: failed({ status: 403, code: 'AuthorizationFailed', message: 'x' }), only: ({ path }) => path.endsWith('/dnsZones'), times: 2 });

    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: null, may: ['read_records', 'write_records'] });
    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, code: null, detail: expect.stringContaining('may not list'), zones: [] });
  });

  it('may be none at all: the secret is right', async () => {
    const adapter = await open([example], { assignments: [] });

    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: true, code: 'missing_permission', zones: [] });
    expect(await adapter.checkCredential(null, signal)).toMatchObject({ valid: true, zones: [], zonesComplete: false });
  });
});

describe('gates', () => {
  it.each([
    ['an expired secret', { application: 'expired' }, false, 'rejected_credential', 'expired'], ['a disabled application', { application: 'disabled' }, false, 'rejected_credential', 'disabled'],
    ['conditional access', { application: 'kept_out' }, false, 'address_not_allowed', 'conditional access'], ['a subscription of another directory', { trouble: 'other_tenant' }, false, 'rejected_credential', 'another directory'],
  ] as const)('%s has its code and remedy', async (_, options, valid, code, says) => {
    const adapter = await open([example], options);

    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid, code, detail: expect.stringContaining(says) });
  });

  it.each([['disabled', 'account_not_eligible', 'disabled'], ['unregistered', 'account_not_eligible', 'Microsoft.Network'], ['locked', 'zone_not_writable', 'lock']] as const)('a subscription or zone that is %s refuses a write with its code and remedy', async (trouble, code, says) => {
    const adapter = await open([example]);
    const reading = await adapter.getRecordSets({ id: 'example.com', apex }, 'all', signal);
    await world.stop();
    const later = await open([example], { trouble });

    await expect(later.applyChanges({ id: 'example.com', apex }, [changeTo(reading, setOf(apex, 'www', 'A', ['192.0.2.1']))], reading, signal)).rejects.toMatchObject({ code, detail: expect.stringContaining(says) });
  });
});

describe('sovereign clouds', () => {
  it.each([['usgov', 'management.usgovcloudapi.net'], ['china', 'management.chinacloudapi.cn']])('%s: token, scope and pages are of its own hosts', async (cloud, managerHost) => {
    const token = credentialJson({ cloud });
    const adapter = await open([{ name: 'example.com' }], { token, credential: token, publicOrigin: `https://${managerHost}`, pageLimit: 1 });

    const { recordSets } = await adapter.getRecordSets({ id: 'example.com', apex }, 'all', signal);

    expect(recordSets.map(({ type }) => type)).toEqual(['NS', 'SOA']);
    expect(new URLSearchParams(world.fake.requests[0]!.body).get('scope')).toBe(`https://${managerHost}/.default`);
  });

  it('are not reached with a credential of the public one', async () => {
    const adapter = await open([example], { credential: credentialJson({ cloud: 'usgov' }) });

    expect(await adapter.checkCredential('example.com', signal)).toMatchObject({ valid: false, code: 'rejected_credential', detail: expect.stringContaining('"cloud"') });
  });

  it('a verified domain does for the tenant', async () => {
    const adapter = await open([example], { token: credentialJson({ tenant_id: 'contoso.onmicrosoft.com' }), tenantDomain: 'contoso.onmicrosoft.com' });

    expect(await adapter.findZone(search('www.example.com'), signal)).toMatchObject({ id: 'example.com' });
    expect(world.fake.requests.map(({ path }: FakeRequest) => path)[0]).toBe('/contoso.onmicrosoft.com/oauth2/v2.0/token');
  });
});
