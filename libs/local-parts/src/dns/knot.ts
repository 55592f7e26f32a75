import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runTool } from '../binaries/run-tool.js';
import { freePort, requireFreePort } from '../free-port.js';
import { LocalPartError } from '../local-part-error.js';
import { isRoot } from '../machine.js';
import { startServerProcess } from '../server-process.js';
import { servesZones } from './ask.js';
import { findDnsProgram } from './dns-programs.js';
import { longestSocketFolder, type RunningDnsServer, type StartUpdatableOptions } from './dns-server.js';
import { zoneFileName, zoneText, type TsigKeyText, type ZoneInput, type ZoneRecord } from './zone-text.js';

export interface KnotZone extends ZoneInput {
  /** Signed by Knot with a key of its own (ECDSA P-256). */
  isSigned?: boolean;
}

export interface StartKnotOptions extends StartUpdatableOptions {
  zones?: readonly KnotZone[];
}

/** All records of a name, of one type, or one record. */
export type RecordsToRemove = Pick<ZoneRecord, 'name'> & Partial<Pick<ZoneRecord, 'type' | 'value'>>;

export interface RunningKnot extends RunningDnsServer {
  /** Serves one more zone from now on. */
  addZone(zone: KnotZone): Promise<void>;
  /** Changes records of a zone in one step, with a new serial number. Names are absolute. */
  change(zone: string, change: { add?: readonly ZoneRecord[]; remove?: readonly RecordsToRemove[] }): Promise<void>;
  /** The DS record that the parent needs, in presentation format. Only for a signed zone. */
  ds(zone: string): Promise<string>;
}

/** Starts Knot DNS as an authoritative server. With a key it takes updates and gives transfers; from anybody else it takes none. */
export async function startKnot(options: StartKnotOptions): Promise<RunningKnot> {
  const dir = resolve(options.dir);
  const address = options.address ?? '127.0.0.1';
  const port = options.port ?? (await freePort(address));
  await requireFreePort('Knot', port, address);
  const programs = {
    knotd: await findDnsProgram('knotd', options.progress, options.env),
    knotc: await findDnsProgram('knotc', options.progress, options.env),
    keymgr: await findDnsProgram('keymgr', options.progress, options.env),
  };
  const zones = [...(options.zones ?? [])];
  for (const folder of ['zones', 'db']) mkdirSync(join(dir, folder), { recursive: true });
  const runFolder = dir.length > longestSocketFolder ? mkdtempSync(join(tmpdir(), 'knot-')) : join(dir, 'run');
  mkdirSync(runFolder, { recursive: true });
  const configFile = join(dir, 'knot.conf');
  const write = (): void => writeFileSync(configFile, configuration({ dir, runFolder, address, port, key: options.key, zones }), { mode: 0o600 });
  for (const zone of zones) writeZone(dir, zone, address);
  write();

  const tool = (name: 'knotc' | 'keymgr', args: string[]): Promise<string> => runTool(programs[name].path, ['-c', configFile, ...args], { env: programs[name].env }, 'start_failed');
  const server = await startServerProcess({
    name: 'Knot', dir, program: programs.knotd.path, env: programs.knotd.env, args: ['-c', configFile], stopSignal: 'SIGTERM',
    isReady: async (log) => /server started/i.test(log) && (await servesZones({ address, port }, zones.map((zone) => zone.name))),
  });

  return {
    pid: server.pid, logFile: server.logFile, isRunning: server.isRunning, stop: server.stop, kill: server.kill, address, port,
    async addZone(zone) {
      zones.push(zone);
      writeZone(dir, zone, address);
      write();
      await tool('knotc', ['reload']);
      await untilServed({ address, port }, zone.name);
    },
    async change(zone, { add = [], remove = [] }) {
      await tool('knotc', ['zone-begin', zone]);
      try {
        for (const { name, type, value } of remove) await tool('knotc', ['zone-unset', zone, name, ...present(type), ...present(value)]);
        for (const { name, type, value, ttlSeconds } of add) await tool('knotc', ['zone-set', zone, name, `${ttlSeconds ?? 5}`, type, value]);
        await tool('knotc', ['--blocking', 'zone-commit', zone]);
      } catch (error) {
        await tool('knotc', ['zone-abort', zone]);
        throw error;
      }
    },
    async ds(zone) {
      const lines = (await tool('keymgr', [zone, 'ds'])).trim().split('\n');
      // "test. DS <tag> <algorithm> <digest type> <digest>": digest type 2 is SHA-256.
      const line = lines.map((text) => text.split(/\s+/)).find((words) => words[4] === '2');
      if (line === undefined) throw new LocalPartError('start_failed', `Knot has no key for ${zone}; was it started with isSigned?`);
      return line.slice(2).join(' ');
    },
  };
}

function present(word: string | undefined): string[] {
  return word === undefined ? [] : [word];
}

function writeZone(dir: string, zone: KnotZone, address: string): void {
  writeFileSync(join(dir, 'zones', zoneFileName(zone.name)), zoneText(zone, address));
}

async function untilServed(server: { address: string; port: number }, zone: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await servesZones(server, [zone]))) {
    if (performance.now() > deadline) throw new LocalPartError('start_failed', `Knot does not serve ${zone} 5 s after it was added.`);
    await pause(5);
  }
}

interface KnotSettings {
  dir: string;
  runFolder: string;
  address: string;
  port: number;
  key: TsigKeyText | undefined;
  zones: readonly KnotZone[];
}

/** https://www.knot-dns.cz/docs/3.2/html/reference.html */
function configuration({ dir, runFolder, address, port, key, zones }: KnotSettings): string {
  const quote = JSON.stringify;
  return [
    'server:', `    rundir: ${quote(runFolder)}`, `    listen: ${address}@${port}`,
    ...(isRoot() ? ['    user: root:root'] : []),
    // One thread each: many of these run beside each other on a small machine.
    '    udp-workers: 1', '    tcp-workers: 1', '    background-workers: 1',
    'log:', '  - target: stderr', '    any: info',
    'database:', `    storage: ${quote(join(dir, 'db'))}`,
    ...(key === undefined ? [] : [
      'key:', `  - id: ${key.name}`, `    algorithm: ${key.algorithm}`, `    secret: ${key.secret}`,
      'acl:', '  - id: keyholder', `    key: ${key.name}`, '    action: [update, transfer]',
    ]),
    'policy:', '  - id: own', '    algorithm: ecdsap256sha256', '    single-type-signing: on', '    ksk-lifetime: 0',
    'template:', '  - id: default', `    storage: ${quote(join(dir, 'zones'))}`,
    // The file is the beginning, the journal goes on from there, and the file is not written back.
    '    zonefile-sync: -1', '    zonefile-load: difference-no-serial', '    journal-content: all', '    serial-policy: increment',
    ...(key === undefined ? [] : ['    acl: keyholder']),
    ...(zones.length === 0 ? [] : ['zone:']),
    ...zones.flatMap((zone) => [
      `  - domain: ${quote(zone.name)}`, `    file: ${quote(zoneFileName(zone.name))}`,
      ...(zone.isSigned === true ? ['    dnssec-signing: on', '    dnssec-policy: own'] : []),
    ]),
    '',
  ].join('\n');
}
