import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { differences, type Seed } from '@connect/adapters/conformance';
import { eventually } from '@connect/testing';
import type { ApiClient, ConnectionBody } from './api-client.js';
import { callsOf, callsTable, isAsRecorded, isRecording, recordCalls, type CallCounts } from './provider-calls.js';
import { allProviders, providersWithFake, siteAtFake, siteAtServer, siteZone, startFakes, type ProviderSite, type RunningFakes } from './provider-sites.js';
import { startWholeWorld, type WholeWorld } from './whole-world.js';

const template = [
  { type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 3_600 },
  { type: 'TXT', name: '_verify.{{hostname}}', value: 'saas-site={{hostname}}', ttl_seconds: 3_600 },
];
const foreign: readonly Seed[] = [
  { name: '', type: 'MX', ttlSeconds: 3_600, value: '10 mail.example.' },
  { name: '', type: 'TXT', ttlSeconds: 3_600, value: '"foreign value"' },
  { name: 'mail', type: 'A', ttlSeconds: 3_600, value: '192.0.2.25' },
  { name: 'blog', type: 'CNAME', ttlSeconds: 3_600, value: 'blog.example.' },
];

type Credential = { id: string; status: string; report: { valid: boolean; checked_at: string } | null };

describe('each provider through the whole product: REST, bus, vault, worker, provider, DNS and back', () => {
  let fakes: RunningFakes;
  let world: WholeWorld;
  let api: ApiClient;
  let worker: pg.Pool;
  const stops: (() => Promise<void>)[] = [];
  const stories = new Map<string, Promise<CallCounts>>();

  beforeAll(async () => {
    fakes = await startFakes(providersWithFake, siteZone);
    world = await startWholeWorld({ env: { 'dns-worker': { PROVIDER_REROUTE: fakes.reroute, CONCURRENT_ZONES: '32' } } });
    api = await world.tenant('A software company');
    worker = new pg.Pool({ connectionString: world.product.databaseUrls['dns-worker'], max: 1 });
    const sites: ProviderSite[] = [];
    for (const provider of allProviders) sites.push(await siteOf(provider));
    // All at once: each waits for its own provider most of the time.
    for (const site of sites) {
      const story = tell(site);
      story.catch(() => undefined);
      stories.set(site.provider, story);
    }
  }, 120_000);

  afterAll(async () => {
    const told = await Promise.allSettled([...stories].map(async ([provider, story]) => [provider, await story] as const));
    await Promise.all(stops.map((stop) => stop()));
    await worker?.end();
    await world?.stop();
    await fakes?.stop();
    if (isRecording()) recordCalls(new Map(told.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))));
  });

  it.each(allProviders)('%s: live, a second one in the same zone, checked, removed; foreign records untouched, and as many calls as docs/provider-calls.md says', async (provider) => {
    const calls = await stories.get(provider);

    if (isRecording()) return;
    const recorded = callsOf(callsTable(), provider);
    if (calls === undefined || recorded === undefined || !isAsRecorded(calls, recorded)) expect({ measured: calls, hint: 'npm run provider-calls' }).toEqual({ measured: recorded });
  }, 180_000);

  async function tell(site: ProviderSite): Promise<CallCounts> {
    const { provider } = site;
    const before = await site.readBack();
    const application_id = (await api.must<{ id: string }>('POST', '/v1/applications', { name: provider, record_template: template })).id;
    const credential_id = (await api.must<{ id: string }>('POST', `/v1/applications/${application_id}/credentials`, { provider, token: tokenOf(site), zone: site.zone, check: false })).id;
    const connect = async (label: string): Promise<string> => {
      const hostname = `${label}.${site.apex.slice(0, -1)}`;
      const { id } = await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname, credential_id, zone: site.zone });
      await reaches(id, 'live');
      expect(await world.valuesAt(site.server, hostname, 'CNAME')).toEqual(['edge.saas.example.']);
      expect(await world.valuesAt(site.server, `_verify.${hostname}`, 'TXT')).toEqual([`"saas-site=${hostname}"`]);
      return id;
    };
    const remove = async (id: string): Promise<void> => {
      await api.must('DELETE', `/v1/connections/${id}`);
      await reaches(id, 'archived');
    };
    const counted = counter(site);

    const first = await connect('www');
    const calls = { first: counted(), second: 0, check: 0, remove: 0 };
    await anHourPasses();
    const second = await connect('shop');
    calls.second = counted();
    expect(differences(before, await site.readBack()).map((key) => key.split(/\s/)[0]).sort()).toEqual(['_verify.shop', '_verify.www', 'shop', 'www'].map((name) => `${name}.${site.apex}`));
    await anHourPasses();
    await check(application_id, credential_id);
    calls.check = counted();
    await anHourPasses();
    await remove(first);
    calls.remove = counted();
    await anHourPasses();
    await remove(second);

    expect(differences(before, await site.readBack())).toEqual([]);
    return calls;
  }

  async function siteOf(provider: string): Promise<ProviderSite> {
    const fake = fakes.worlds.get(provider);
    if (fake !== undefined) return siteAtFake(world, fake, siteZone(provider), foreign);
    const site = await siteAtServer(world, provider === 'powerdns' ? 'powerdns' : 'rfc2136', siteZone(provider), foreign);
    stops.push(site.stop);
    return site;
  }

  async function check(application_id: string, credential_id: string): Promise<void> {
    const path = `/v1/applications/${application_id}/credentials/${credential_id}`;
    await api.must('POST', `${path}/check`);
    await eventually(async () => {
      const { status, report } = await api.must<Credential>('GET', path);
      expect({ status, valid: report?.valid }).toEqual({ status: 'valid', valid: true });
      return true;
    }, { what: 'the check', timeoutMs: 60_000 });
  }

  /** For the budgets, some of which are narrow: Namecheap allows twenty calls a minute. */
  async function anHourPasses(): Promise<void> {
    await worker.query("UPDATE budget SET filled_at = filled_at - interval '1 hour'");
  }

  async function reaches(id: string, state: 'live' | 'archived'): Promise<void> {
    await eventually(async () => {
      const connection = await api.connection(id);
      if (connection.state === state) return true;
      throw new Error(`it is ${connection.state} (${JSON.stringify(connection.reason)})`);
    }, { what: `${id} ${state}`, timeoutMs: 90_000 });
  }
});

function tokenOf({ token }: ProviderSite): unknown {
  return token.startsWith('{') ? JSON.parse(token) : token;
}

/** Calls since the last look. */
function counter(site: Pick<ProviderSite, 'calls'>): () => number {
  let seen = site.calls();
  return () => {
    const now = site.calls();
    const since = now - seen;
    seen = now;
    return since;
  };
}
