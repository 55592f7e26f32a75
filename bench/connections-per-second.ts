import { setTimeout as pause } from 'node:timers/promises';
import type { BenchWorld } from './bench-world.js';
import { connectAll, newCustomer } from './connect-all.js';
import { cpuSecondsOf, percentile, type Row } from './figures.js';
import { startSlowProxy } from './slow-proxy.js';

const latencyMs = 50;

/** POST to live for many zones of one provider with 50 ms a call, beside a client that does the same one after the other. */
export async function connectionsPerSecond(world: BenchWorld, zoneCount: number, say: (text: string) => void): Promise<Row[]> {
  const proxy = await startSlowProxy(world.powerdns.apiUrl, latencyMs);
  try {
    const names = Array.from({ length: zoneCount }, (_, i) => `bench${i}`);
    say(`making ${zoneCount} zones`);
    await world.zones(names);
    const customer = await newCustomer(world, proxy.url);
    const cpuBefore = world.product.services.map((service) => cpuSecondsOf(service.pid));

    say('connecting them all');
    proxy.reset();
    const seconds = await connectAll(world, customer, names.map((name) => `www.${name}.test`));
    const calls = proxy.calls();
    const cpu = world.product.services.map((service, i) => `${service.service} ${((cpuSecondsOf(service.pid) - cpuBefore[i]!) / zoneCount * 1000).toFixed(1)} ms`);

    say('the same, one after the other');
    const sequential = await sequentialRate(proxy.url, world.powerdns.apiKey, names.slice(0, 20));
    const ours = zoneCount / seconds;
    return [
      { what: `connections per second, ${zoneCount} zones, ${latencyMs} ms per call, POST to live`, ours: `${ours.toFixed(1)}/s (CPU per connection: ${cpu.join(', ')})`, yardstick: `${sequential.toFixed(1)}/s, sequential client of the same API`, ratio: `${(ours / sequential).toFixed(1)} ×`, goal: '≥ 100/s, ≥ 10 ×' },
      { what: 'provider calls per connection, zone not known', ours: (calls / zoneCount).toFixed(2), yardstick: '3 (find, read, write)', ratio: `${(calls / zoneCount / 3).toFixed(2)} ×`, goal: '≤ 3' },
    ];
  } finally {
    await proxy.close();
  }
}

/** From POST to the first call at the provider while nothing else happens, and the calls once the zone is known. */
export async function firstCall(world: BenchWorld, tries: number): Promise<Row[]> {
  const proxy = await startSlowProxy(world.powerdns.apiUrl, 0);
  try {
    await world.zones(['idle']);
    const customer = await newCustomer(world, proxy.url);
    const delays: number[] = [];
    const calls: number[] = [];
    for (let i = 0; i < tries; i++) {
      proxy.reset();
      const began = performance.now();
      const { id } = await world.call<{ id: string }>('POST', '/v1/connections', { ...customer, hostname: `h${i}.idle.test` });
      await world.call('GET', `/v1/connections/${id}`);
      for (let state = ''; state !== 'live'; ) {
        await pause(20);
        ({ state } = await world.call<{ state: string }>('GET', `/v1/connections/${id}`));
      }
      delays.push((proxy.firstCallAtMs() ?? Number.NaN) - began);
      calls.push(proxy.calls());
    }
    const sorted = delays.slice(1).sort((a, b) => a - b);
    return [
      { what: 'POST to the first provider call, idle', ours: `p50 ${percentile(sorted, 0.5).toFixed(1)} ms, p99 ${percentile(sorted, 0.99).toFixed(1)} ms (${sorted.length} tries)`, yardstick: '–', ratio: '–', goal: 'p50 ≤ 15 ms, p99 ≤ 60 ms' },
      { what: 'provider calls per connection, zone known', ours: `${percentile(calls.slice(1).sort((a, b) => a - b), 0.5)}`, yardstick: '2 (read, write)', ratio: '–', goal: '≤ 2' },
    ];
  } finally {
    await proxy.close();
  }
}

/** Find, read, write, read back: what a careful script does for one name, one after the other. */
async function sequentialRate(url: string, apiKey: string, names: readonly string[]): Promise<number> {
  const call = async (method: string, path: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${url}/api/v1/servers/localhost${path}`, { method, headers: { 'x-api-key': apiKey, 'content-type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) });
    await response.text();
  };
  const began = performance.now();
  for (const name of names) {
    await call('GET', `/zones?zone=${name}.test.&dnssec=false`);
    await call('GET', `/zones/${name}.test.`);
    await call('PATCH', `/zones/${name}.test.`, { rrsets: [{ name: `seq.${name}.test.`, type: 'CNAME', ttl: 60, changetype: 'REPLACE', records: [{ content: 'edge.saas.example.', disabled: false }] }] });
    await call('GET', `/zones/${name}.test.`);
  }
  return names.length / ((performance.now() - began) / 1000);
}
