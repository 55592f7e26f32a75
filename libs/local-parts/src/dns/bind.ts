import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, requireFreePort } from '../free-port.js';
import { startServerProcess } from '../server-process.js';
import { servesZones } from './ask.js';
import { findDnsProgram } from './dns-programs.js';
import type { RunningDnsServer, StartUpdatableOptions } from './dns-server.js';
import { startRelay, type RunningRelay } from './relay.js';
import { zoneFileName, zoneText, type TsigKeyText, type ZoneInput } from './zone-text.js';

/**
 * Starts BIND as an authoritative server; with a key it takes updates and gives transfers. BIND listens only on addresses
 * that an interface has, which for 127/8 is 127.0.0.1 alone: any other address is served by a relay of ours in front of it.
 */
export async function startBind(options: StartUpdatableOptions): Promise<RunningDnsServer> {
  const dir = resolve(options.dir);
  const address = options.address ?? '127.0.0.1';
  const port = options.port ?? (await freePort(address));
  await requireFreePort('BIND', port, address);
  const isRelayed = address !== '127.0.0.1';
  const ownPort = isRelayed ? await freePort() : port;
  const program = await findDnsProgram('named', options.progress, options.env);
  mkdirSync(dir, { recursive: true });
  const zones = options.zones ?? [];
  for (const zone of zones) writeFileSync(join(dir, zoneFileName(zone.name)), zoneText(zone, address));
  const configFile = join(dir, 'named.conf');
  writeFileSync(configFile, configuration(dir, ownPort, zones, options.key), { mode: 0o600 });
  const server = await startServerProcess({
    name: 'BIND', dir, program: program.path, env: program.env, stopSignal: 'SIGTERM',
    args: ['-g', '-n', '1', '-c', configFile], // -g: in the foreground, log to stderr; -n: one thread
    isReady: async (log) => log.includes('running') && (await servesZones({ address: '127.0.0.1', port: ownPort }, zones.map((zone) => zone.name))),
  });
  const relay: RunningRelay | undefined = isRelayed ? await startRelay({ address, port, to: { address: '127.0.0.1', port: ownPort } }) : undefined;
  async function end(how: 'stop' | 'kill'): Promise<void> {
    await relay?.stop();
    await server[how]();
  }
  return { pid: server.pid, logFile: server.logFile, isRunning: server.isRunning, stop: () => end('stop'), kill: () => end('kill'), address, port };
}

/** https://bind9.readthedocs.io/en/v9.18/reference.html */
function configuration(dir: string, port: number, zones: readonly ZoneInput[], key: TsigKeyText | undefined): string {
  const quote = JSON.stringify;
  return [
    'options {', `  directory ${quote(dir)};`, `  pid-file ${quote(join(dir, 'named.pid'))};`, `  session-keyfile ${quote(join(dir, 'session.key'))};`,
    `  listen-on port ${port} { 127.0.0.1; };`, '  listen-on-v6 { none; };', '  recursion no;', '  dnssec-validation no;', '  empty-zones-enable no;',
    `  allow-transfer { ${key === undefined ? 'none' : `key ${quote(key.name)}`}; };`, '};', 'controls { };',
    ...(key === undefined ? [] : [`key ${quote(key.name)} { algorithm ${key.algorithm}; secret ${quote(key.secret)}; };`]),
    ...zones.map((zone) => {
      const policy = key === undefined ? '' : ` update-policy { grant ${quote(key.name)} zonesub ANY; };`;
      return `zone ${quote(zone.name)} { type primary; file ${quote(zoneFileName(zone.name))};${policy} };`;
    }),
    '',
  ].join('\n');
}
