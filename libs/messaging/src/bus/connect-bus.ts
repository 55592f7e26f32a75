import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { inboxPrefix, type ServiceName } from '@connect/contracts';
import { ConnectError, type Secret } from '@connect/domain';
import type { Logger } from '@connect/observability';
import { beside } from '../beside.js';

export type BusIdentity = ServiceName | 'provision' | 'intake';
/** Injection token of the service's NATS connection. */
export const BUS_CONNECTION = Symbol('bus connection');

export type ConnectBusOptions = {
  log?: Pick<Logger, 'info' | 'warn'>;
  /** Try again until the bus answers (the default), or throw `unavailable` at the first failure. */
  patient?: boolean;
  signal?: AbortSignal;
};

const retryMs = 250;

/** Connects as one of the bus users, with the inbox that only this user may subscribe to, and reconnects for ever. `url`: `nats://user:password@host:port[,…]`. */
export async function connectBus(url: Secret<string>, identity: BusIdentity, options: ConnectBusOptions = {}): Promise<NatsConnection> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const connection = await url.open((text) => connect(connectionOptions(text, identity)));
      beside(options.log, 'telling of the bus', () => reportStatus(connection, options.log));
      return connection;
    } catch (error) {
      const code = error instanceof Error ? error.name : 'unknown';
      if (options.patient === false) throw new ConnectError('unavailable', { detail: `the bus does not let us in (${code})` });
      // Once at the start and every 10 s: a bus that is late is normal, one that stays away has to be seen.
      if (attempt % 40 === 0) options.log?.warn({ reason: code }, 'the bus does not answer yet');
      await pause(retryMs, undefined, { signal: options.signal });
    }
  }
}

/** nats.js does not read user and password from a URL, so they are taken out here. */
export function connectionOptions(text: string, identity: BusIdentity): ConnectionOptions {
  const urls = text.split(',').map((each) => new URL(each.trim()));
  const first = urls[0];
  const user = first === undefined || first.username === '' ? {} : { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) };
  return {
    ...user,
    servers: urls.map((each) => each.host),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
    name: identity,
    inboxPrefix: inboxPrefix(identity),
    maxReconnectAttempts: -1,
    reconnectTimeWait: retryMs,
    reconnectJitter: 100,
    // A server that restarts may refuse a user for a moment; giving up then would need a person.
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
    timeout: 3_000,
    // A stack trace taken for each request and each publish, for errors that our own code names.
    noAsyncTraces: true,
  };
}

async function reportStatus(connection: NatsConnection, log: ConnectBusOptions['log']): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') log?.warn({}, 'the bus is away');
    if (status.type === 'reconnect') log?.info({}, 'the bus is back');
    // A forbidden subject: a fault in our code or in the permissions; the subject is no secret.
    if (status.type === 'error') log?.warn({ reason: status.error.name, detail: status.error.message.slice(0, 200) }, 'the bus reports an error');
  }
}
