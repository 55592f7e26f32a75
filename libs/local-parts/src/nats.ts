import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findNatsServer } from './binaries/nats-binary.js';
import { freePort, requireFreePort } from './free-port.js';
import { silent, type MachineEnvironment, type Progress } from './machine.js';
import { acceptsConnections, startServerProcess, type ServerProcess } from './server-process.js';

export interface StartNatsOptions {
  /** JetStream's store, configuration and log live here and are found again at the next start. */
  dir: string;
  port?: number;
  /** Of the monitoring pages; also only on 127.0.0.1. */
  monitoringPort?: number;
  /** Text in nats-server's configuration language that is put below ours: accounts, users, permissions, limits. */
  config?: string;
  progress?: Progress;
  env?: MachineEnvironment;
}

export interface RunningNats extends Omit<ServerProcess, 'ended'> {
  /** `nats://127.0.0.1:<port>`, without a user. */
  url: string;
  host: string;
  port: number;
  /** `http://127.0.0.1:<port>`: `/healthz`, `/jsz`, `/connz`. */
  monitoringUrl: string;
  version: string;
}

const host = '127.0.0.1';

/** Starts nats-server with JetStream on 127.0.0.1. Ready when it accepts connections and JetStream runs. */
export async function startNats(options: StartNatsOptions): Promise<RunningNats> {
  const dir = resolve(options.dir);
  const program = await findNatsServer(options.progress ?? silent, options.env);
  const port = options.port ?? (await freePort());
  const monitoringPort = options.monitoringPort ?? (await freePort());
  await requireFreePort('nats-server', port);
  await requireFreePort('nats-server (monitoring)', monitoringPort);
  mkdirSync(dir, { recursive: true });
  const configFile = join(dir, 'nats-server.conf');
  writeFileSync(configFile, configuration(dir, port, monitoringPort, options.config ?? ''), { mode: 0o600 });
  const server = await startServerProcess({
    name: 'nats-server', dir, program, args: ['-c', configFile], stopSignal: 'SIGTERM',
    isReady: async (log) => log.includes('Server is ready') && (await acceptsConnections(port)),
  });
  const version = /Version:\s+v?(\S+)/.exec(server.startLog)?.[1] ?? 'unknown';
  const { ended: _ended, ...handle } = server;
  return { ...handle, url: `nats://${host}:${port}`, host, port, monitoringUrl: `http://${host}:${monitoringPort}`, version };
}

function configuration(dir: string, port: number, monitoringPort: number, rest: string): string {
  return [
    `listen: "${host}:${port}"`,
    `http: "${host}:${monitoringPort}"`,
    `pid_file: ${JSON.stringify(join(dir, 'nats-server.pid'))}`,
    `jetstream { store_dir: ${JSON.stringify(join(dir, 'jetstream'))} }`,
    rest,
    '',
  ].join('\n');
}
