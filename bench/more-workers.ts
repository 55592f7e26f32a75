import { startBenchWorld } from './bench-world.js';
import { connectAll, newCustomer } from './connect-all.js';
import type { Row } from './figures.js';
import { startSlowProxy } from './slow-proxy.js';

const callsInFlight = 4;

/**
 * The same zones by one worker and by four, each with four provider calls in flight; a world of its own, started for each count. With a far provider workers wait most
 * of the time and more of them do more; with a near one this machine's cores are what is short, and everything runs on them.
 */
export async function moreWorkers(zoneCount: number, latencyMs: number, say: (text: string) => void): Promise<Row[]> {
  const rates: number[] = [];
  for (const workers of [1, 4]) {
    say(`${workers} worker${workers === 1 ? '' : 's'}, ${zoneCount} zones, ${latencyMs} ms per call`);
    rates.push(await rateOf(workers, zoneCount, latencyMs));
  }
  const [one, four] = rates as [number, number];
  return [{ what: `connections per second by 4 workers, ${zoneCount} zones, ${latencyMs} ms per call, ${callsInFlight} calls in flight each`, ours: `${four.toFixed(1)}/s`, yardstick: `${one.toFixed(1)}/s by 1 worker`, ratio: `${(four / one).toFixed(1)} ×`, goal: '≥ 3.5 ×' }];
}

async function rateOf(workers: number, zoneCount: number, latencyMs: number): Promise<number> {
  const world = await startBenchWorld(() => undefined, { concurrentZones: callsInFlight });
  const proxy = await startSlowProxy(world.powerdns.apiUrl, latencyMs);
  try {
    for (let started = 1; started < workers; started++) await world.product.startService('dns-worker');
    const names = Array.from({ length: zoneCount }, (_, i) => `w${i}`);
    await world.zones(names);
    return zoneCount / (await connectAll(world, await newCustomer(world, proxy.url), names.map((name) => `www.${name}.test`)));
  } finally {
    await proxy.close();
    await world.stop();
  }
}
