import { secret } from '@connect/domain';
import { keepBusProvisioned, provisionBus } from '@connect/messaging';
import { createLogger } from '@connect/observability';

/**
 * Makes the streams and consumers of the bus. NATS_URL has the user `provision`; BUS_REPLICAS is 1, 3 or 5. With `--watch` it stays and makes again
 * what is missing: without it a lost store would stop the services until somebody ran it.
 */
const log = createLogger({ service: 'provision', level: process.env['LOG_LEVEL'] ?? 'info' });
const url = process.env['NATS_URL'] ?? '';
const replicas = Number(process.env['BUS_REPLICAS'] ?? '1');

if (url === '' || (replicas !== 1 && replicas !== 3 && replicas !== 5)) {
  log.fatal({}, 'NATS_URL has to name the bus with the user provision, and BUS_REPLICAS has to be 1, 3 or 5');
  process.exit(1);
}

if (process.argv.includes('--watch')) {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  log.info({}, 'keeping the bus provisioned');
  await keepBusProvisioned(secret(url), { replicas, log, signal: stop.signal });
} else {
  const made = await provisionBus(secret(url), { replicas, log });
  log.info({ made }, 'bus provisioned');
}
