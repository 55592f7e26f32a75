import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { FakeRequest } from '@connect/adapters/conformance';
import { ownerName } from '@connect/domain';
import type { ServiceProcess } from '@connect/local-product';
import { eventually } from '@connect/testing';
import type { ApiClient, ConnectionBody } from '../e2e/api-client.js';
import { siteAtFake, startFakes, type ProviderSite, type RunningFakes } from '../e2e/provider-sites.js';
import { startWholeWorld, type WholeWorld } from '../e2e/whole-world.js';

const foreign = [{ name: 'foreign', type: 'A', value: '192.0.2.7' }];

/** DigitalOcean, since it keeps a second record of the same value without a word: what is written twice is there twice. */
describe('a worker that was stopped (SIGSTOP) past its turn', () => {
  let fakes: RunningFakes;
  let world: WholeWorld;
  let api: ApiClient;
  let database: pg.Pool;
  let stopped: ServiceProcess | undefined;
  let site: ProviderSite;
  let target: { application_id: string; credential_id: string };
  let count = 0;

  beforeAll(async () => {
    fakes = await startFakes(['digitalocean'], () => ownerName('any.test.'));
    world = await startWholeWorld({ replicas: { 'dns-worker': 0 }, env: { 'dns-worker': { PROVIDER_REROUTE: fakes.reroute } } });
    api = await world.tenant('Stops');
    database = new pg.Pool({ connectionString: world.product.databaseUrls['dns-worker'], max: 2 });
  }, 120_000);

  beforeEach(async () => {
    site = await siteAtFake(world, fakes.worlds.get('digitalocean')!, ownerName(`stop-${++count}.test.`), foreign);
    const application_id = (await api.must<{ id: string }>('POST', '/v1/applications', { name: 'Stops', record_template: [{ type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 300 }] })).id;
    const credential_id = (await api.must<{ id: string }>('POST', `/v1/applications/${application_id}/credentials`, { provider: 'digitalocean', token: site.token, check: false })).id;
    target = { application_id, credential_id };
  });

  afterEach(async () => {
    stopped?.signal('SIGKILL');
    await Promise.all(world.product.services.filter(({ service }) => service === 'dns-worker').map((worker) => worker.stop()));
  });

  afterAll(async () => {
    await database?.end();
    await world?.stop();
    await fakes?.stop();
  });

  it.each([
    ['before its intent was said: no request leaves when it runs on', 'before-intent'],
    // The look before its write has become too old, so it looks again, and sees that somebody was there.
    ['after its intent was said, and longer than anybody waits: what it still sends does not come twice', 'after-intent'],
  ])('%s', async (_promise, pausePoint) => {
    const id = await connectAndStop(pausePoint, 'www');
    await theTurnEnds(-1);
    const successor = await world.product.startService('dns-worker');
    await api.reaches(id, 'live');
    await runsOnInPlaceOf(successor);

    expect(writtenNames()).toEqual(['www', 'shop']);
    await zoneHolds('shop', 'www');
  }, 90_000);

  it('after its intent was said: its request may leave, the successor waits for it, and finds it', async () => {
    const id = await connectAndStop('after-intent', 'www');
    const freeAt = await theTurnEnds(2);
    await world.product.startService('dns-worker');
    // Done, and never answered: only a look can tell.
    fakes.worlds.get('digitalocean')!.fake.fail({ fault: 'silent', only: isWrite });
    stopped?.signal('SIGCONT');
    await api.reaches(id, 'live');

    expect(await settledAt()).toBeGreaterThanOrEqual(freeAt);
    expect(writtenNames()).toEqual(['www']);
    await zoneHolds('www');
  }, 90_000);

  async function connect(label: string): Promise<string> {
    return (await api.must<ConnectionBody>('POST', '/v1/connections', { ...target, hostname: `${label}.${site.apex.slice(0, -1)}` })).id;
  }

  /** Connects by a worker that stops itself at the named moment of its turn; returns when it stands still. */
  async function connectAndStop(PAUSE_POINT: string, label: string): Promise<string> {
    stopped = await world.product.startService('dns-worker', { PAUSE_POINT });
    const { pid } = stopped;
    const id = await connect(label);
    await eventually(() => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')), { what: 'the stop', timeoutMs: 20_000 });
    return id;
  }

  /** Time is moved: the turn ends so that its successor may come in so many seconds. Returns that instant in the database's time, in milliseconds. */
  async function theTurnEnds(inSeconds: number): Promise<number> {
    const { rows } = await database.query<{ at: number }>(
      `UPDATE zone_turn SET turn_until = now() + $2 * interval '1 second' - quiet_ms * interval '1 millisecond' WHERE apex = $1
       RETURNING extract(epoch FROM turn_until + quiet_ms * interval '1 millisecond')::float * 1000 AS at`, [site.apex, inSeconds]);
    return rows[0]!.at;
  }

  /** The stopped worker goes on where it stood, and then serves what comes after, which nobody else does. */
  async function runsOnInPlaceOf(successor: ServiceProcess): Promise<void> {
    await successor.stop();
    stopped?.signal('SIGCONT');
    await api.reaches(await connect('shop'), 'live');
  }

  /** When the work ended, in the database's time. */
  async function settledAt(): Promise<number> {
    const { rows } = await database.query<{ at: number }>('SELECT extract(epoch FROM max(settled_at))::float * 1000 AS at FROM zone_work JOIN zone_turn USING (zone_key) WHERE apex = $1', [site.apex]);
    return rows[0]!.at;
  }

  function writtenNames(): string[] {
    const writes = fakes.worlds.get('digitalocean')!.fake.requests.filter((request) => isWrite(request) && request.path.includes(`/${site.apex.slice(0, -1)}/records`));
    return writes.map(({ body }) => (JSON.parse(body) as { name: string }).name);
  }

  /** Each of ours once, and what is not ours. */
  async function zoneHolds(...labels: string[]): Promise<void> {
    const sets = (await site.readBack()).filter(({ type }) => type !== 'NS');
    expect(sets.map(({ ownerName: name, values }) => `${name} ${values.join(' ')}`).sort()).toEqual([...labels.map((label) => `${label}.${site.apex} edge.saas.example.`), `foreign.${site.apex} 192.0.2.7`].sort());
  }
});

function isWrite({ method }: FakeRequest): boolean {
  return method !== 'GET';
}
