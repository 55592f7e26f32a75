import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@connect/testing';
import type { ApiClient, ConnectionBody } from '../e2e/api-client.js';
import { startWholeWorld, type WholeWorld } from '../e2e/whole-world.js';
import { killAndRestart, retried } from './kill-and-restart.js';
import { allKills, crashPoints, crashPointsOf, killsOf, type Kill } from './kill-matrix.js';

const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const kills = process.env['KILL_ALL'] === undefined ? killsOf(seed) : allKills;
const points = process.env['KILL_ALL'] === undefined ? crashPointsOf(seed) : crashPoints;
const perKill = 3;

describe(`P4 nothing is lost, P5 nothing happens twice: kills by SIGKILL (KILL_SEED=${seed})`, () => {
  let world: WholeWorld;
  let api: ApiClient;
  let application_id: string;

  beforeAll(async () => {
    // A Postgres that confirms before it writes would lose what it confirmed: that is not what is tried here.
    world = await startWholeWorld({ durable: true });
    api = await world.tenant('Kills');
    application_id = (await api.must<{ id: string }>('POST', '/v1/applications', { name: 'Kills', record_template: [{ type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 60 }] })).id;
  }, 120_000);
  afterAll(() => world?.stop());

  it.each(kills.map((kill, i) => [kill.victim, kill.moment, kill, i] as const))('%s killed at %s: every accepted connection becomes live once and leaves nothing when removed', async (_victim, _moment, kill, i) => {
    const zone = `kill${i}.test.`;
    const { server, credential } = await world.powerdnsZone(zone, [{ name: 'foreign', type: 'A', value: '192.0.2.7' }]);
    const credential_id = (await retried(() => api.must<{ id: string }>('POST', `/v1/applications/${application_id}/credentials`, { provider: 'powerdns', token: JSON.parse(credential) }))).id;
    const hostnames = Array.from({ length: perKill }, (_h, n) => `h${n}.kill${i}.test`);
    const killed = kill.moment === 'removing' || kill.moment === 'live' ? null : killWhen(kill, () => ids);
    const ids: string[] = [];

    for (const hostname of hostnames) ids.push((await retried(() => api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname, credential_id }, { 'idempotency-key': hostname }))).id);
    await killed;
    await Promise.all(ids.map((id) => reaches(id, 'live')));
    for (const hostname of hostnames) expect(await world.valuesAt(server, hostname, 'CNAME')).toEqual(['edge.saas.example.']);
    if (kill.moment === 'live') await killWhen(kill, () => ids);

    const killedLate = kill.moment === 'removing' ? killWhen(kill, () => ids) : null;
    for (const id of ids) await retried(() => api.must('DELETE', `/v1/connections/${id}`));
    await killedLate;
    await Promise.all(ids.map((id) => reaches(id, 'archived')));

    for (const hostname of hostnames) expect(await world.valuesAt(server, hostname, 'CNAME')).toEqual([]);
    expect(await world.valuesAt(server, `foreign.${zone}`, 'A')).toEqual(['192.0.2.7']);
    for (const id of ids) await tellsAGaplessStory(id);
  }, 220_000);

  it.each(points)('dns-worker killed %s: its successor waits until no request of the dead one can arrive, looks, and ends right', async (point) => {
    const zone = `${point}.test.`;
    const { server, credential } = await world.powerdnsZone(zone, [{ name: 'foreign', type: 'A', value: '192.0.2.7' }]);
    const credential_id = (await api.must<{ id: string }>('POST', `/v1/applications/${application_id}/credentials`, { provider: 'powerdns', token: JSON.parse(credential), check: false })).id;
    const well = world.product.services.filter((service) => service.service === 'dns-worker').at(-1)!;
    await well.stop();
    const doomed = await world.product.startService('dns-worker', { CRASH_POINT: point });

    const { id } = await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname: `www.${point}.test`, credential_id });
    await doomed.ended;
    await world.product.startService('dns-worker');
    await reaches(id, 'live', 150_000);

    expect(await world.valuesAt(server, `www.${point}.test`, 'CNAME')).toEqual(['edge.saas.example.']);
    await tellsAGaplessStory(id);
    await api.must('DELETE', `/v1/connections/${id}`);
    await reaches(id, 'archived', 150_000);
    expect(await world.valuesAt(server, `www.${point}.test`, 'CNAME')).toEqual([]);
    expect(await world.valuesAt(server, `foreign.${zone}`, 'A')).toEqual(['192.0.2.7']);
  }, 330_000);

  it('the whole JetStream store deleted under load: everything that was accepted still ends', async () => {
    const zone = 'lost-store.test.';
    const { credential } = await world.powerdnsZone(zone);
    const credential_id = (await api.must<{ id: string }>('POST', `/v1/applications/${application_id}/credentials`, { provider: 'powerdns', token: JSON.parse(credential) })).id;
    const ids = await Promise.all(Array.from({ length: 20 }, async (_h, n) => (await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname: `h${n}.lost-store.test`, credential_id })).id));

    await world.product.nats.kill();
    world.product.nats.deleteStore();
    await world.product.nats.restart();

    await Promise.all(ids.map((id) => reaches(id, 'live')));
    for (const id of ids) await tellsAGaplessStory(id);
  }, 220_000);

  async function killWhen(kill: Kill, ids: () => string[]): Promise<void> {
    await eventually(async () => {
      if (kill.moment === 'accepted') return ids().length > 0;
      const states = await Promise.all(ids().map((id) => api.events(id)));
      return states.flat().some((event) => event.state === kill.moment);
    }, { what: `a connection ${kill.moment}`, timeoutMs: 20_000 });
    await killAndRestart(world.product, kill.victim);
  }

  async function reaches(id: string, state: 'live' | 'archived', timeoutMs = 100_000): Promise<void> {
    await eventually(async () => {
      const connection = await api.connection(id);
      if (connection.state === state) return true;
      throw new Error(`it is ${connection.state} (${JSON.stringify(connection.reason)})`);
    }, { what: `${id} ${state}`, timeoutMs });
  }

  async function tellsAGaplessStory(id: string): Promise<void> {
    const events = await api.events(id);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_event, at) => at + 1));
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    expect(events.filter((event) => event.type === 'live').length).toBeLessThanOrEqual(1);
  }
});
