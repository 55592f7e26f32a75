import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTool } from '../binaries/run-tool.js';
import { freePort, requireFreePort } from '../free-port.js';
import { startServerProcess } from '../server-process.js';
import { ask } from './ask.js';
import { findDnsProgram } from './dns-programs.js';
import { longestSocketFolder, type RunningDnsServer, type StartDnsOptions } from './dns-server.js';

/** Where a resolver finds a zone: delegations name no port, so in a world of high ports it has to be told. */
export interface Stub {
  zone: string;
  servers: readonly { address: string; port: number }[];
}

export interface StartUnboundOptions extends Omit<StartDnsOptions, 'zones'> {
  stubs?: readonly Stub[];
  /** DS of a signed zone ("tag algorithm type digest") under which answers are validated. Without it nothing is. */
  trustAnchor?: { zone: string; ds: string };
}

export interface RunningUnbound extends RunningDnsServer {
  /** Knows one more zone from now on; what is cached stays. */
  addStub(stub: Stub): Promise<void>;
  /** Forgets what it has cached at and below a name. */
  flush(zone: string): Promise<void>;
}

/** Starts Unbound as the recursive resolver that people of this world would use. It caches as real ones do, "there is nothing" included. */
export async function startUnbound(options: StartUnboundOptions): Promise<RunningUnbound> {
  const dir = resolve(options.dir);
  const address = options.address ?? '127.0.0.1';
  const port = options.port ?? (await freePort(address));
  await requireFreePort('Unbound', port, address);
  const unbound = await findDnsProgram('unbound', options.progress, options.env);
  const control = await findDnsProgram('unbound-control', options.progress, options.env);
  mkdirSync(dir, { recursive: true });
  const socket = join(dir.length > longestSocketFolder ? mkdtempSync(join(tmpdir(), 'unbound-')) : dir, 'control');
  const configFile = join(dir, 'unbound.conf');
  writeFileSync(configFile, configuration({ dir, address, port, socket, options }), { mode: 0o600 });
  const command = (...args: string[]): Promise<string> => runTool(control.path, ['-c', configFile, ...args], { env: control.env }, 'start_failed');
  const server = await startServerProcess({
    name: 'Unbound', dir, program: unbound.path, env: unbound.env, args: ['-d', '-d', '-c', configFile], stopSignal: 'SIGTERM',
    isReady: async () => (await ask({ address, port }, 'localhost.', 'A', { timeoutMs: 200 })) !== undefined,
  });
  return {
    pid: server.pid, logFile: server.logFile, isRunning: server.isRunning, stop: server.stop, kill: server.kill, address, port,
    async addStub(stub) { await command('stub_add', stub.zone, ...stub.servers.map((at) => `${at.address}@${at.port}`)); },
    async flush(zone) { await command('flush_zone', zone); },
  };
}

/** https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html */
function configuration(at: { dir: string; address: string; port: number; socket: string; options: StartUnboundOptions }): string {
  const quote = JSON.stringify;
  const anchor = at.options.trustAnchor;
  return [
    'server:', `  interface: ${at.address}@${at.port}`, `  port: ${at.port}`, '  do-ip6: no', '  username: ""', '  chroot: ""',
    `  directory: ${quote(at.dir)}`, `  pidfile: ${quote(join(at.dir, 'unbound.pid'))}`, '  use-syslog: no', '  verbosity: 1', '  num-threads: 1',
    '  access-control: 127.0.0.0/8 allow', '  do-not-query-localhost: no', '  root-hints: ""',
    // RFC 6761 gives "test." an empty zone in resolvers; here it is the world's top-level domain.
    '  local-zone: "test." nodefault',
    // A server that was silent for a moment is asked again soon, and a bad signature is not kept.
    '  infra-host-ttl: 2', '  val-bogus-ttl: 2', '  cache-max-negative-ttl: 3600',
    `  module-config: ${anchor === undefined ? '"iterator"' : '"validator iterator"'}`,
    ...(anchor === undefined ? [] : [`  trust-anchor: ${quote(`${anchor.zone} DS ${anchor.ds}`)}`]),
    'remote-control:', '  control-enable: yes', `  control-interface: ${quote(at.socket)}`, '  control-use-cert: no',
    ...(at.options.stubs ?? []).flatMap((stub) => ['stub-zone:', `  name: ${quote(stub.zone)}`, ...stub.servers.map((server) => `  stub-addr: ${server.address}@${server.port}`)]),
    '',
  ].join('\n');
}
