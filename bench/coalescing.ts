import type { BenchWorld } from './bench-world.js';
import { connectAll, newCustomer } from './connect-all.js';
import type { Row } from './figures.js';
import { startSlowProxy } from './slow-proxy.js';

/** Many hostnames of one zone at once: what comes while a turn runs is written together by the next one. */
export async function coalescing(world: BenchWorld, hostnames: number): Promise<Row[]> {
  const proxy = await startSlowProxy(world.powerdns.apiUrl, 50);
  try {
    await world.zones(['crowd']);
    const customer = await newCustomer(world, proxy.url);
    proxy.reset();
    const seconds = await connectAll(world, customer, Array.from({ length: hostnames }, (_, i) => `h${i}.crowd.test`));
    const calls = proxy.calls();
    const alone = hostnames * 3;
    return [{ what: `provider calls for ${hostnames} hostnames of one zone, 50 ms per call`, ours: `${calls} in all, live after ${seconds.toFixed(1)} s`, yardstick: `${alone} (find, read, write for each)`, ratio: `${(alone / calls).toFixed(0)} × fewer`, goal: 'as few as the API allows' }];
  } finally {
    await proxy.close();
  }
}
