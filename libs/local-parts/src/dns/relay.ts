import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';

export interface RelayOptions {
  address: string;
  port: number;
  to: { address: string; port: number };
}

/** How the relay treats what passes: for tests of slow, silent and half-deaf servers. */
export interface RelayFaults {
  /** Added to each answer. */
  delayMs?: number;
  /** Nothing comes back by UDP. */
  dropUdp?: boolean;
  /** Connections are accepted and left alone. */
  dropTcp?: boolean;
}

export interface RunningRelay {
  address: string;
  port: number;
  /** Connections that came so far; who asks one question on each has so many answered. */
  readonly connections: number;
  /** From now on; `{}` makes it healthy. */
  behave(faults: RelayFaults): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Passes DNS by UDP and TCP to another address, byte for byte. */
export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  let faults: RelayFaults = {};
  const later = (work: () => void): void => { faults.delayMs === undefined ? work() : void setTimeout(work, faults.delayMs); };
  const upstreams = new Set<UdpSocket>();
  const streams = new Set<Socket>();

  const udp = createSocket('udp4');
  udp.on('message', (question, client) => {
    if (faults.dropUdp === true) return;
    const upstream = createSocket('udp4');
    upstreams.add(upstream);
    const done = (): void => { if (upstreams.delete(upstream)) upstream.close(); };
    const timer = setTimeout(done, 5_000);
    upstream.once('error', done);
    upstream.once('message', (answer) => {
      clearTimeout(timer);
      done();
      later(() => { if (!isStopped) udp.send(answer, client.port, client.address); });
    });
    upstream.connect(options.to.port, options.to.address, () => { if (upstreams.has(upstream)) upstream.send(question); });
  });

  let connections = 0;
  const tcp = createServer((client) => {
    connections++;
    streams.add(client);
    client.once('close', () => streams.delete(client));
    client.on('error', () => client.destroy());
    if (faults.dropTcp === true) return;
    const upstream = connect(options.to.port, options.to.address);
    upstream.on('error', () => client.destroy());
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.pipe(upstream);
    upstream.on('data', (answer) => later(() => { if (!client.destroyed) client.write(answer); }));
  });

  let isStopped = false;
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(options.port, options.address, resolve));
  await new Promise<void>((resolve, reject) => tcp.once('error', reject).listen(options.port, options.address, resolve));
  return {
    address: options.address,
    port: options.port,
    get connections() { return connections; },
    behave(next) { faults = next; },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      for (const socket of upstreams) socket.close();
      upstreams.clear();
      for (const stream of streams) stream.destroy();
      await Promise.all([new Promise<void>((resolve) => udp.close(resolve)), new Promise<void>((resolve) => tcp.close(() => resolve()))]);
    },
  };
}
