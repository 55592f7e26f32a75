import type { ServiceName } from '@connect/contracts';
import type { LocalProduct } from '@connect/local-product';
import { eventually } from '@connect/testing';
import type { Victim } from './kill-matrix.js';

/** SIGKILL to the victim, and another one in its place. Of a service with replicas the one that started last. */
export async function killAndRestart(product: LocalProduct, victim: Victim): Promise<void> {
  if (victim === 'nats-server' || victim === 'postgres') {
    const part = victim === 'postgres' ? product.postgres : product.nats;
    await part.kill();
    await part.restart();
    return;
  }
  const running = product.services.filter((service) => service.service === victim).at(-1)!;
  running.signal('SIGKILL');
  await running.ended;
  await retried(() => product.startService(victim satisfies ServiceName));
}

/** A caller repeats what failed while a part was away; with the same Idempotency-Key that is safe. */
export async function retried<T>(call: () => Promise<T>): Promise<T> {
  return (await eventually(async () => ({ value: await call() }), { what: 'a repeated call', timeoutMs: 30_000 })).value;
}
