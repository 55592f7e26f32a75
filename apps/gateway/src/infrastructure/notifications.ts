import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { ignoreFailure, type Secret } from '@connect/domain';

export const movementChannel = 'connection_moved';
export const keyRevokedChannel = 'key_revoked';
export const LISTENER_URL = Symbol('listener url');

type Listener = (payload: string) => void;
const reconnectAfterMs = 500;

/** One connection of its own that listens for what other replicas tell. While it is away tellings are lost; who waits looks again at the end. */
@Injectable()
export class Notifications implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners = new Map<string, Set<Listener>>();
  private client: Client | null = null;
  private reconnecting: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(@Inject(LISTENER_URL) private readonly url: Secret<string>) {}

  on(channel: typeof movementChannel | typeof keyRevokedChannel, listener: Listener): void {
    const known = this.listeners.get(channel) ?? new Set<Listener>();
    this.listeners.set(channel, known.add(listener));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    if (this.reconnecting !== null) clearTimeout(this.reconnecting);
    await this.client?.end().catch((error: unknown) => ignoreFailure(error, 'the connection ends anyway'));
  }

  private async connect(): Promise<void> {
    const client = this.url.open((connectionString) => new Client({ connectionString, application_name: 'gateway-listener' }));
    client.on('notification', ({ channel, payload }) => {
      for (const listener of this.listeners.get(channel) ?? []) listener(payload ?? '');
    });
    client.on('error', () => this.reconnect());
    client.on('end', () => this.reconnect());
    try {
      await client.connect();
      await client.query(`LISTEN ${movementChannel}; LISTEN ${keyRevokedChannel}`);
      this.client = client;
    } catch (error) {
      ignoreFailure(error, 'tried again until it works; readiness is told by the pool');
      this.reconnect();
    }
  }

  private reconnect(): void {
    if (this.closed || this.reconnecting !== null) return;
    this.client = null;
    this.reconnecting = setTimeout(() => {
      this.reconnecting = null;
      void this.connect();
    }, reconnectAfterMs);
    this.reconnecting.unref();
  }
}
