import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { freePort, requireFreePort } from '../free-port.js';
import { LocalPartError } from '../local-part-error.js';
import { acceptsConnections, startServerProcess } from '../server-process.js';
import { findDnsProgram, lmdbBackend } from './dns-programs.js';
import type { RunningDnsServer, StartDnsOptions } from './dns-server.js';
import { zoneText, type ZoneInput } from './zone-text.js';

export interface StartPowerdnsOptions extends StartDnsOptions {
  /** For the HTTP API. Drawn when not given. */
  apiKey?: string;
  apiPort?: number;
}

export interface RunningPowerdns extends RunningDnsServer {
  /** `http://<address>:<port>/api/v1/servers/localhost` */
  apiUrl: string;
  apiKey: string;
  /** Serves one more zone from now on. */
  addZone(zone: ZoneInput): Promise<void>;
}

/**
 * Starts PowerDNS with its HTTP API. The database is LMDB: with SQLite two thirds of concurrent PATCH requests answered
 * 500 (seen with 4.7.3). All caches are off, so that a change is visible at once.
 */
export async function startPowerdns(options: StartPowerdnsOptions): Promise<RunningPowerdns> {
  const dir = resolve(options.dir);
  const address = options.address ?? '127.0.0.1';
  const port = options.port ?? (await freePort(address));
  const apiPort = options.apiPort ?? (await freePort(address));
  const apiKey = options.apiKey ?? randomBytes(24).toString('hex');
  await requireFreePort('PowerDNS', port, address);
  // It would start without the API and only mention it in the log.
  await requireFreePort('PowerDNS (HTTP API)', apiPort, address);
  const program = await findDnsProgram('pdns_server', options.progress, options.env);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'pdns.conf'), configuration({ dir, address, port, apiPort, apiKey, modules: dirname(lmdbBackend(program.root)) }), { mode: 0o600 });
  const server = await startServerProcess({
    name: 'PowerDNS', dir, program: program.path, env: program.env, args: [`--config-dir=${dir}`], stopSignal: 'SIGTERM',
    isReady: () => acceptsConnections(apiPort, address),
  });
  const apiUrl = `http://${address}:${apiPort}/api/v1/servers/localhost`;
  async function addZone(zone: ZoneInput): Promise<void> {
    const response = await fetch(`${apiUrl}/zones`, {
      method: 'POST',
      headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: zone.name, kind: 'Native', zone: zoneText(zone, address) }),
    });
    if (response.status !== 201) throw new LocalPartError('start_failed', `PowerDNS refused the zone ${zone.name} (${response.status}).`, { logTail: await response.text() });
  }
  try {
    for (const zone of options.zones ?? []) await addZone(zone);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { pid: server.pid, logFile: server.logFile, isRunning: server.isRunning, stop: server.stop, kill: server.kill, address, port, apiUrl, apiKey, addZone };
}

/** https://doc.powerdns.com/authoritative/settings.html */
function configuration(at: { dir: string; address: string; port: number; apiPort: number; apiKey: string; modules: string }): string {
  const settings = {
    'module-dir': at.modules,
    launch: 'lmdb', 'lmdb-filename': join(at.dir, 'zones.lmdb'), 'lmdb-shards': '1',
    'local-address': at.address, 'local-port': at.port, 'socket-dir': at.dir,
    api: 'yes', 'api-key': at.apiKey, webserver: 'yes', 'webserver-address': at.address, 'webserver-port': at.apiPort, 'webserver-allow-from': '127.0.0.0/8',
    'zone-cache-refresh-interval': 0, 'cache-ttl': 0, 'query-cache-ttl': 0, 'negquery-cache-ttl': 0,
    'receiver-threads': 1, 'distributor-threads': 1, 'retrieval-threads': 1,
    guardian: 'no', daemon: 'no', 'disable-syslog': 'yes', 'security-poll-suffix': '',
  };
  return Object.entries(settings).map(([key, value]) => `${key}=${value}\n`).join('');
}
