import { setTimeout as pause } from 'node:timers/promises';
import type { BenchWorld } from './bench-world.js';
import { percentile, type Row } from './figures.js';

/** A customer says that he sets the record by hand now, and does: from the moment at which the one server of the zone has it to `live`. */
export async function publishedToLive(world: BenchWorld, tries: number, say: (text: string) => void): Promise<Row[]> {
  say(`records set by hand, ${tries} times`);
  await world.zones(['byhand']);
  const { id: application_id } = await world.call<{ id: string }>('POST', '/v1/applications', { name: 'By hand', record_template: [{ type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 60 }] });
  const delays: number[] = [];
  for (let i = 0; i < tries; i++) {
    const hostname = `h${i}.byhand.test`;
    const { id } = await world.call<{ id: string }>('POST', '/v1/connections', { application_id, hostname, setup_type: 'manual' });
    await stateOf(world, id, 'awaiting_customer');
    await world.call('POST', `/v1/connections/${id}/verify`);
    // At any moment between two looks.
    await pause(1_000 + Math.random() * 1_000);
    await setByHand(world, hostname);
    const began = performance.now();
    await stateOf(world, id, 'live');
    delays.push(performance.now() - began);
  }
  delays.sort((a, b) => a - b);
  return [{ what: 'published at the last name server to live, while looks are dense', ours: `p50 ${percentile(delays, 0.5).toFixed(0)} ms, p99 ${percentile(delays, 0.99).toFixed(0)} ms (${tries} tries)`, yardstick: '–', ratio: '–', goal: 'p50 ≤ 1 s' }];
}

async function stateOf(world: BenchWorld, id: string, state: string): Promise<void> {
  while ((await world.call<{ state: string }>('GET', `/v1/connections/${id}`)).state !== state) await pause(10);
}

async function setByHand({ powerdns }: BenchWorld, hostname: string): Promise<void> {
  const set = { name: `${hostname}.`, type: 'CNAME', ttl: 60, changetype: 'REPLACE', records: [{ content: 'edge.saas.example.', disabled: false }] };
  const answer = await fetch(`${powerdns.apiUrl}/zones/byhand.test.`, { method: 'PATCH', headers: { 'x-api-key': powerdns.apiKey, 'content-type': 'application/json' }, body: JSON.stringify({ rrsets: [set] }) });
  if (!answer.ok) throw new Error(`PowerDNS refused a record (${answer.status})`);
}
