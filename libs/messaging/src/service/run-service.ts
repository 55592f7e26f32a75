import type { CommonConfig, Environment } from '@connect/config';
import { createLogger, type Logger } from '@connect/observability';
import { migrateServiceDatabase } from './service-database.js';
import { startService, type RunningService, type ServiceDefinition } from './start-service.js';

/** Beyond SHUTDOWN_MS, for closing connections. */
const closingMs = 5_000;

/**
 * The whole of a `main.ts`: `main.js` starts the service and ends it at SIGTERM or SIGINT, `main.js migrate` brings its schema up to date and ends. Prints JSON lines only; the
 * line "service ready" has `inner_url`. Exit code 0 after an orderly end, 1 after anything else.
 */
export async function runService<Config extends CommonConfig>(definition: ServiceDefinition<Config>, args: string[], env: Environment): Promise<void> {
  const early = createLogger({ service: definition.service, level: 'info' });
  process.on('unhandledRejection', (error) => fail(early, error));
  process.on('uncaughtException', (error) => fail(early, error));
  try {
    const config = definition.config(env);
    const log = createLogger({ service: definition.service, level: config.LOG_LEVEL });
    if (args[0] === 'migrate') {
      await migrateServiceDatabase(definition, config, log);
      process.exit(0);
    }
    const stopAsked = signalled();
    const running = await Promise.race([startService(definition, config, log), stopAsked]);
    if (typeof running === 'string') process.exit(0);
    log.info({ inner_url: running.innerUrl, ...(running.httpUrl === null ? {} : { http_url: running.httpUrl }) }, 'service ready');
    await stopOrderly(running, await stopAsked, config.SHUTDOWN_MS, log);
  } catch (error) {
    fail(early, error);
  }
}

async function stopOrderly(running: RunningService, signal: string, shutdownMs: number, log: Logger): Promise<void> {
  log.info({ signal }, 'service stopping');
  setTimeout(() => {
    log.warn({}, 'service stopped before all was closed');
    process.exit(1);
  }, shutdownMs + closingMs).unref();
  await running.stop();
  log.info({}, 'service stopped');
  process.exit(0);
}

function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

function fail(log: Logger, error: unknown): void {
  log.fatal({ err: error }, 'service failed');
  process.exit(1);
}
