import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { LocalPartError } from './local-part-error.js';

/**
 * Below the range the kernel takes outgoing ports from (32768 and up on Linux), so that no outgoing connection and no
 * other "bind to 0" can take a port between our look and the server's bind.
 */
const lowestPort = 10_240;
const highestPort = 30_000;

const given = new Set<number>();

/**
 * A port that is free for TCP and UDP on `address` now, and that this process has not handed out before.
 * Processes that ask at the same time draw at random from 20,000 ports.
 */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(lowestPort, highestPort);
    if (given.has(port) || !(await isPortFree(port, address))) continue;
    given.add(port);
    return port;
  }
  throw new LocalPartError('port_taken', `No free port found on ${address} between ${lowestPort} and ${highestPort}.`);
}

/** True when nothing listens on `port` of `address`, neither by TCP nor by UDP. */
export async function isPortFree(port: number, address = '127.0.0.1'): Promise<boolean> {
  return (await isFreeForTcp(port, address)) && (await isFreeForUdp(port, address));
}

export function isFreeForTcp(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function isFreeForUdp(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/** Refuses a port that is used with one clear sentence. */
export async function requireFreePort(what: string, port: number, address = '127.0.0.1'): Promise<void> {
  if (await isFreeForTcp(port, address)) return;
  throw new LocalPartError('port_taken', `${what} cannot start: port ${port} of ${address} is used by another program. Stop that program or choose another port.`);
}
