import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ownerName, type OwnerName } from '@connect/domain';
import { eventually } from '@connect/testing';
import type { CloudflareWorld } from '../../libs/adapters/src/providers/cloudflare/cloudflare-world.fake.js';
import type { NamecheapWorld } from '../../libs/adapters/src/providers/namecheap/namecheap-world.fake.js';
import type { ApiClient, ConnectionBody } from './api-client.js';
import { siteAtFake, startFakes, type ProviderSite, type RunningFakes } from './provider-sites.js';
import { startWholeWorld, type WholeWorld } from './whole-world.js';

const zoneOf = (provider: string): OwnerName => ownerName(`${provider}-many.test.`);
const underWay = ['created', 'planning', 'writing'];
const foreign = [{ name: '', type: 'MX', value: '10 mail.example.' }, { name: 'mail', type: 'A', value: '192.0.2.25' }, { name: '', type: 'TXT', value: '"foreign value"' }];

/** Four worker processes, and everything comes at once into one zone. */
describe('many hostnames of one zone at once', () => {
  let fakes: RunningFakes;
  let world: WholeWorld;
  let api: ApiClient;
  let database: pg.Pool;

  beforeAll(async () => {
    fakes = await startFakes(['namecheap', 'cloudflare'], zoneOf);
    world = await startWholeWorld({ replicas: { 'dns-worker': 4 }, env: { 'dns-worker': { PROVIDER_REROUTE: fakes.reroute } } });
    api = await world.tenant('A software company with many shops');
    database = new pg.Pool({ connectionString: world.product.databaseUrls['dns-worker'], max: 1 });
  }, 120_000);

  afterAll(async () => {
    await database?.end();
    await world?.stop();
    await fakes?.stop();
  });

  it('120 at Namecheap cost six calls at most; every one is there, foreign rows and the mail setting to the letter', async () => {
    const fake = (fakes.worlds.get('namecheap') as NamecheapWorld).fake;
    const site = await siteAtFake(world, fakes.worlds.get('namecheap')!, zoneOf('namecheap'), foreign);
    const domain = fake.domains.get('namecheap-many.test')!;
    const before = { emailType: domain.emailType, rows: rowsOf(domain.hosts) };
    const application_id = await application();
    const credential_id = await checkedCredential(application_id, site);
    const callsBefore = site.calls();

    const ids = await connectAll(application_id, credential_id, hostnames(120, site));
    for (const id of ids) await leaves(id, ...underWay);

    expect(site.calls() - callsBefore).toBeLessThanOrEqual(6);
    expect(rowsOf(domain.hosts).slice(0, before.rows.length)).toEqual(before.rows);
    expect(domain.emailType).toBe(before.emailType);
    expect(domain.hosts).toHaveLength(before.rows.length + 120);
    await allLive(ids);
  }, 120_000);

  it('200 at Cloudflare: every one is there, once', async () => {
    const site = await siteAtFake(world, fakes.worlds.get('cloudflare')!, zoneOf('cloudflare'), foreign);
    const records = (): { name: string; type: string }[] => [...(fakes.worlds.get('cloudflare') as CloudflareWorld).fake.zones.values()].flatMap((zone) => zone.records);
    const application_id = await application();
    const credential_id = await checkedCredential(application_id, site);
    const callsBefore = site.calls();
    const names = hostnames(200, site);

    const ids = await connectAll(application_id, credential_id, names);
    await allLive(ids);

    expect(records().filter(({ type }) => type === 'CNAME').map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(records()).toHaveLength(foreign.length + 200);
    expect(site.calls() - callsBefore).toBeLessThanOrEqual(100);
  }, 120_000);

  it('the row limit of Namecheap is zone_full for who does not fit, and nothing is half-written', async () => {
    const fake = (fakes.worlds.get('namecheap') as NamecheapWorld).fake;
    const full = fake.addZone({ name: 'full-many.test', hosts: Array.from({ length: 149 }, (_, at) => ({ name: `h${at}`, type: 'A', address: '192.0.2.1' })) });
    const before = structuredClone(full.hosts);
    const application_id = await application([{ type: 'CNAME', name: '@', value: 'edge.saas.example' }, { type: 'TXT', name: '_verify.{{hostname}}', value: 'saas-site={{hostname}}' }]);
    const credential_id = await store(application_id, 'namecheap', fakes.worlds.get('namecheap')!.token);

    const single = await application();

    // Two rows do not fit, and not one of them is written.
    const [www] = await connectAll(application_id, credential_id, ['www.full-many.test']);
    const refused = await leaves(www!, ...underWay);
    const untouched = structuredClone(full.hosts);
    // Of three with one row each, one fits.
    const ids = await connectAll(single, await store(single, 'namecheap', fakes.worlds.get('namecheap')!.token), ['a', 'b', 'c'].map((label) => `${label}.full-many.test`));
    const ends = await Promise.all(ids.map((id) => leaves(id, ...underWay))).finally(inAHurry());

    expect(refused.reason).toMatchObject({ code: 'zone_full', actor: 'customer' });
    expect(untouched).toEqual(before);
    expect(ends.map(({ reason }) => reason?.code === 'zone_full').sort()).toEqual([false, true, true]);
    expect(rowsOf(full.hosts)).toEqual([...rowsOf(before), expect.objectContaining({ type: 'CNAME', address: 'edge.saas.example.' })]);
  }, 120_000);

  async function application(record_template: object[] = [{ type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 300 }]): Promise<string> {
    return (await api.must<{ id: string }>('POST', '/v1/applications', { name: 'Shops', record_template })).id;
  }

  async function store(application_id: string, provider: string, token: string): Promise<string> {
    return (await api.must<{ id: string }>('POST', `/v1/applications/${application_id}/credentials`, { provider, token, check: false })).id;
  }

  /** As it is by default: the check knows the zones afterwards. */
  async function checkedCredential(application_id: string, { provider, token }: ProviderSite): Promise<string> {
    const { id } = await api.must<{ id: string }>('POST', `/v1/applications/${application_id}/credentials`, { provider, token });
    await eventually(async () => (await api.must<{ status: string }>('GET', `/v1/applications/${application_id}/credentials/${id}`)).status === 'valid', { what: 'the check', timeoutMs: 60_000 });
    return id;
  }

  function connectAll(application_id: string, credential_id: string, names: readonly string[]): Promise<string[]> {
    return Promise.all(names.map(async (hostname) => (await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname, credential_id })).id));
  }

  function leaves(id: string, ...states: string[]): Promise<ConnectionBody> {
    return eventually(async () => {
      const connection = await api.connection(id);
      if (!states.includes(connection.state)) return connection;
      throw new Error(`it is ${connection.state} (${JSON.stringify(connection.reason)})`);
    }, { what: `${id} not ${states.join(' or ')}`, timeoutMs: 80_000 });
  }

  /** Time is moved on and on, for the budget and for who waits for it: Namecheap allows twenty calls a minute. Returns what ends it. */
  function inAHurry(): () => void {
    const timer = setInterval(() => {
      void database.query("UPDATE budget SET filled_at = filled_at - interval '1 hour'");
      void database.query("UPDATE zone_work SET due_at = now() WHERE state = 'waiting' AND due_at > now() + interval '1 second'");
    }, 500);
    return () => clearInterval(timer);
  }

  async function allLive(ids: readonly string[]): Promise<void> {
    for (const id of ids) await api.reaches(id, 'live');
  }
});

function hostnames(count: number, { apex }: ProviderSite): string[] {
  return Array.from({ length: count }, (_, at) => `shop-${at}.${apex.slice(0, -1)}`);
}

function rowsOf(hosts: readonly object[]): object[] {
  return hosts.map((host) => ({ ...host, hostId: '' }));
}
