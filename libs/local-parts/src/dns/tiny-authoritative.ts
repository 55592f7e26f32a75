import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { freePort, requireFreePort } from '../free-port.js';
import { decodeMessage, parseTsigKey, type DnsRecord } from '@connect/dns-client';
import { ignoreFailure, systemClock, type Clock } from '@connect/domain';
import { respond, type ServedZone } from './tiny-respond.js';
import { TinyZone, tinyRecord } from './tiny-zone.js';
import type { StartUpdatableOptions } from './dns-server.js';
import type { RecordsToRemove } from './knot.js';
import { isInside, type TsigKeyText, type ZoneInput, type ZoneRecord } from './zone-text.js';

export interface RunningTinyServer {
  address: string;
  port: number;
  /**
   * `key` signs updates of this zone; default: the key the server was started with. `source` is asked before each answer for what the zone holds beside its SOA,
   * its name servers and their addresses: somebody else keeps the zone, and this server publishes it.
   */
  addZone(zone: ZoneInput, options?: { key?: TsigKeyText; source?: ZoneSource }): Promise<void>;
  /** Changes records of a zone in one step, with a new serial number. Names are absolute, or relative to the zone. */
  change(zone: string, change: { add?: readonly ZoneRecord[]; remove?: readonly RecordsToRemove[] }): Promise<void>;
  /** What the zone holds now. */
  zone(name: string): TinyZone | undefined;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Records whose zone is kept elsewhere; SOA and name servers of the apex are left out of it. */
export type ZoneSource = () => Promise<readonly DnsRecord[]>;

export interface StartTinyOptions extends Omit<StartUpdatableOptions, 'dir' | 'progress' | 'env'> {
  /** Signatures carry the time. */
  clock?: Clock;
}

/**
 * The built-in authoritative server: UDP and TCP, zones in memory. It is for machines where no real server can be had; the
 * tests of the product use Knot, BIND and PowerDNS.
 */
export async function startTinyAuthoritative(options: StartTinyOptions): Promise<RunningTinyServer> {
  const address = options.address ?? '127.0.0.1';
  const port = options.port ?? (await freePort(address));
  const clock = options.clock ?? systemClock;
  await requireFreePort('The built-in DNS server', port, address);
  const served = new Map<string, ServedZone>();
  const sources: { zone: TinyZone; own: readonly DnsRecord[]; source: ZoneSource }[] = [];
  const addZone: RunningTinyServer['addZone'] = async (input, { key = options.key, source } = {}) => {
    const zone = new TinyZone(input, address);
    if (source !== undefined) sources.push({ zone, own: zone.records(), source });
    served.set(zone.name, { zone, key: key === undefined ? undefined : parseTsigKey(`${key.algorithm}:${key.name}:${key.secret}`) });
  };
  for (const zone of options.zones ?? []) await addZone(zone);
  async function answer(message: Buffer, transport: 'udp' | 'tcp'): Promise<Buffer | undefined> {
    for (const { zone, own, source } of sources.filter(({ zone: { name } }) => asksAbout(message, name))) {
      const kept = await source();
      zone.replace([...own, ...kept.filter((record) => record.ownerName !== zone.name || (record.type !== 'SOA' && record.type !== 'NS'))]);
    }
    return respond(served, message, transport, clock.now());
  }
  const udp = await listenUdp(address, port, (message) => answer(message, 'udp'));
  const tcp = await listenTcp(address, port, (message) => answer(message, 'tcp'));
  let stopping: Promise<void> | undefined;

  return {
    address, port, addZone,
    zone: (name) => served.get(name.toLowerCase())?.zone,
    async change(name, { add = [], remove = [] }) {
      const zone = served.get(name.toLowerCase())?.zone;
      if (zone === undefined) return addZone({ name, records: add });
      const gone = remove.map((records) => ({ ...records, name: tinyRecord({ name: records.name, type: 'TXT', value: '""' }, zone.name).ownerName }));
      const kept = zone.records().filter((record) => !gone.some((one) => one.name === record.ownerName
        && (one.type === undefined || one.type === record.type) && (one.value === undefined || one.value === record.value)));
      zone.replace([...kept, ...add.map((record) => tinyRecord(record, zone.name))]);
    },
    stop: () => (stopping ??= Promise.all([udp(), tcp()]).then(() => {})),
  };
}

type AnswerTo = (message: Buffer) => Promise<Buffer | undefined>;
type Close = () => Promise<void>;

function listenUdp(address: string, port: number, answerTo: AnswerTo): Promise<Close> {
  const socket: UdpSocket = createSocket('udp4');
  let isClosed = false;
  socket.on('message', (message, from) => {
    answerTo(message).then((answer) => { if (answer !== undefined && !isClosed) socket.send(answer, from.port, from.address); }, (error: unknown) => ignoreFailure(error, 'its source failed: no answer, as of a sick server'));
  });
  socket.once('close', () => { isClosed = true; });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, address, () => resolve(() => new Promise((closed) => socket.close(() => closed()))));
  });
}

/** Each message is preceded by its length in two octets (RFC 1035 4.2.2); many may come on one connection. */
function listenTcp(address: string, port: number, answerTo: AnswerTo): Promise<Close> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    let pending = Buffer.alloc(0);
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
    let answered: Promise<void> = Promise.resolve();
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const end = 2 + pending.readUInt16BE(0);
        const message = pending.subarray(2, end);
        pending = pending.subarray(end);
        answered = answered.then(() => answerTo(message)).then((answer) => reply(socket, answer)).catch(() => void socket.destroy());
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve(() => {
      for (const socket of open) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    }));
  });
}

function reply(socket: Socket, answer: Buffer | undefined): void {
  if (socket.destroyed) return;
  if (answer === undefined) return void socket.destroy();
  const length = Buffer.alloc(2);
  length.writeUInt16BE(answer.length);
  socket.write(Buffer.concat([length, answer]));
}

function asksAbout(message: Buffer, zone: string): boolean {
  try {
    return decodeMessage(message).questions.some(({ ownerName }) => isInside(ownerName, zone));
  } catch {
    return false; // answered with FORMERR
  }
}
