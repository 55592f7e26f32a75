import { createSocket } from 'node:dgram';
import { setMaxListeners } from 'node:events';
import { connect, isIP } from 'node:net';
import { DnsClientError, fromSocketError } from './dns-client-error.js';
import { malformed } from './wire-reader.js';

/** Where a DNS server listens. `ip` is IPv4 or IPv6, never a name: names are resolved and judged by the caller. */
export type DnsAddress = { ip: string; port: number };
type Limits = { signal: AbortSignal; timeoutMs: number };

/**
 * One datagram out, one back. `accepts` says whether a datagram is the answer; others are dropped, as they may be forged. The socket is
 * connected, so the kernel drops datagrams of strangers and reports a closed port. Halfway to the timeout the question is sent once more.
 */
export function askOverUdp(server: DnsAddress, message: Buffer, accepts: (answer: Buffer) => boolean, { signal, timeoutMs }: Limits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const family = requireReady(server, signal);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    const send = (): void => socket.send(message, (error) => {
      if (error !== null) end(fromSocketError(error, false));
    });
    let isEnded = false;
    const end = (outcome: Buffer | DnsClientError): void => {
      if (isEnded) return;
      isEnded = true;
      clearTimeout(deadline);
      clearTimeout(repeat);
      signal.removeEventListener('abort', onAbort);
      socket.close();
      if (outcome instanceof DnsClientError) reject(outcome);
      else resolve(outcome);
    };
    const onAbort = (): void => end(aborted(true));
    const deadline = setTimeout(() => end(new DnsClientError('timeout', `no answer over UDP in ${timeoutMs} ms`, { requestSent: true })), timeoutMs);
    const repeat = setTimeout(send, timeoutMs / 2);
    onceAborted(signal, onAbort);
    socket.on('error', (error) => end(fromSocketError(error, true)));
    socket.on('message', (answer) => {
      if (accepts(answer)) end(answer);
    });
    socket.connect(server.port, server.ip, (...failure: unknown[]) => {
      // Node hands a failed connect to this callback, if there is one, and not to 'error'.
      if (failure[0] instanceof Error) end(fromSocketError(failure[0], false));
      else if (!isEnded) send();
    });
  });
}

/**
 * One message out, messages back until `onMessage` says `done`. Messages carry their length in 16 bits before them (RFC 1035 4.2.2). What `onMessage`
 * throws ends the conversation.
 */
export function converseOverTcp(server: DnsAddress, message: Buffer, onMessage: (answer: Buffer) => 'more' | 'done', { signal, timeoutMs }: Limits): Promise<void> {
  return new Promise((resolve, reject) => {
    requireReady(server, signal);
    const socket = connect({ host: server.ip, port: server.port, noDelay: true });
    let received: Buffer = Buffer.alloc(0);
    let requestSent = false;
    const end = (failure?: unknown): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      if (failure === undefined) resolve();
      else reject(failure instanceof Error ? failure : malformed('the answer could not be read'));
    };
    const onAbort = (): void => end(aborted(requestSent));
    const deadline = setTimeout(() => end(new DnsClientError('timeout', `no whole answer over TCP in ${timeoutMs} ms`, { requestSent })), timeoutMs);
    onceAborted(signal, onAbort);
    socket.on('error', (error) => end(fromSocketError(error, requestSent)));
    socket.on('close', () => end(new DnsClientError('connection_lost', 'the server closed before its answer was whole', { requestSent })));
    socket.on('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      requestSent = true;
      socket.write(Buffer.concat([length, message]));
    });
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      try {
        while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
          const whole = received.subarray(2, 2 + received.readUInt16BE(0));
          received = received.subarray(2 + whole.length);
          if (onMessage(whole) === 'done') return end();
        }
      } catch (error) {
        end(error);
      }
    });
    socket.on('end', () => end(new DnsClientError('connection_lost', 'the server closed before its answer was whole', { requestSent })));
  });
}

function requireReady(server: DnsAddress, signal: AbortSignal): 4 | 6 {
  if (signal.aborted) throw aborted(false);
  const family = isIP(server.ip);
  if (family !== 4 && family !== 6) throw new DnsClientError('unreachable', 'the server is not given by an IP address');
  return family;
}

/** Many questions share a signal; Node would warn of a leak from the eleventh listener on. */
function onceAborted(signal: AbortSignal, listener: () => void): void {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
}

function aborted(requestSent: boolean): DnsClientError {
  return new DnsClientError('aborted', 'the caller gave up', { requestSent });
}
