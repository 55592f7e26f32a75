import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesApplied, workDelayed } from '@connect/contracts';
import { ownerName } from '@connect/domain';
import type { RunningService } from '@connect/messaging';
import { eventually } from '@connect/testing';
import { WorkerWorld } from './worker-world.fake.js';

let world: WorkerWorld;
let worker: RunningService;
const apex = 'sick.example.';
const wanted = (name: string) => [{ ownerName: ownerName(`${name}.${apex}`), type: 'A', ttlSeconds: 300, values: ['192.0.2.1'] }];
const metrics = async (): Promise<string> => (await fetch(`${worker.innerUrl}/metrics`)).text();

beforeAll(async () => {
  world = await WorkerWorld.open();
  worker = await world.startWorker({}, { isGuarded: true });
  world.dns.zone(apex);
});
afterAll(() => world?.close());

describe('a provider that does not answer', () => {
  it('is left alone while connections wait with a reason, and is tried by one call; then all go on', async () => {
    const customers = Array.from({ length: 8 }, (_, i) => world.customer(`h${i}.${apex}`));
    world.dns.isSick = true;

    await Promise.all(customers.map((customer, i) => world.apply(customer, 1, wanted(`h${i}`))));
    await eventually(async () => (await world.circuits()).length === 1, { what: 'the circuit is open', timeoutMs: 15_000 });
    const late = world.customer(`late.${apex}`);
    await world.apply(late, 1, wanted('late'));

    expect(await world.fact(workDelayed, late, 1)).toMatchObject({ code: 'provider_unavailable', detail: expect.stringContaining('nothing is sent'), of: 'apply' });
    expect(await world.circuits()).toEqual([{ provider: 'fake', state: 'open', since: expect.any(String), code: 'provider_unavailable', next_probe_at: expect.any(String) }]);
    expect(await metrics()).toMatch(/provider_circuits\{provider="fake",state="open",service="dns-worker"\} 1/);
    expect(world.dns.calls).toEqual([]);

    world.dns.isSick = false;
    // Whoever was under way when the provider got well may put its work off once more.
    await eventually(async () => {
      await world.database.query('UPDATE dns_worker.provider_circuit SET probe_at = now() WHERE probe_at > now()');
      await world.database.query(`UPDATE dns_worker.zone_work SET due_at = now() WHERE id IN (SELECT id FROM dns_worker.zone_work WHERE state = 'waiting' AND due_at > now() FOR UPDATE SKIP LOCKED)`);
      return (await world.database.query(`SELECT 1 FROM dns_worker.zone_work WHERE state = 'waiting' AND kind = 'apply'`)).length === 0;
    }, { what: 'all is written', timeoutMs: 60_000 });
    await Promise.all([...customers, late].map((customer) => world.fact(changesApplied, customer, 1)));

    expect(await world.circuits()).toEqual([expect.objectContaining({ state: 'closed', code: null, next_probe_at: null })]);
  }, 90_000);

  it('is seen in the metrics, which name no customer', async () => {
    const text = await metrics();

    expect(text).toMatch(/provider_calls_total\{provider="fake",call="read",outcome="unavailable",service="dns-worker"\} [5-9]/);
    expect(text).toMatch(/provider_calls_total\{provider="fake",call="write",outcome="answered",service="dns-worker"\} [1-9]/);
    expect(text).toMatch(/zone_turns_total\{end="ended",service="dns-worker"\} [1-9]/);
    expect(text).toMatch(/zone_work_due\{service="dns-worker"\} \d/);
    expect(text).toMatch(/zone_work_oldest_due_seconds\{service="dns-worker"\} \d/);
    expect(text).not.toContain(apex.slice(0, -1));
    expect(text).not.toMatch(/(ten|con|cred|app)_[0-9a-f]/);
  });
});
