import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { ignoreFailure, type Secret } from '@connect/domain';
import { sql } from '@connect/storage';
import type { WorkNudge } from '../ports/work-nudge.port.js';
import type { WorkRunner } from '../runner/work-runner.js';

const channel = 'zone_work';
const reconnectAfterMs = 1_000;

/** Ties the runner to the life of the process, and tells other replicas where this one has its hands full. A lost word costs one poll. */
export class WorkSignals implements WorkNudge, OnApplicationBootstrap, BeforeApplicationShutdown {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(private readonly runner: WorkRunner, private readonly dataSource: DataSource, private readonly url: Secret<string>) {}

  nudge(): void {
    this.runner.nudge();
    if (this.runner.isBusy) sql(this.dataSource.manager, 'SELECT pg_notify($1, $2)', [channel, '']).catch((error: unknown) => ignoreFailure(error, 'the others poll'));
  }

  async onApplicationBootstrap(): Promise<void> {
    this.runner.start();
    await this.listen();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.runner.stop();
    await this.client?.end().catch((error: unknown) => ignoreFailure(error, 'the connection ends anyway'));
  }

  private async listen(): Promise<void> {
    const client = this.url.open((connectionString) => new Client({ connectionString, application_name: 'dns-worker-listener' }));
    client.on('notification', () => this.runner.nudge());
    client.on('error', () => this.listenAgain());
    client.on('end', () => this.listenAgain());
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      this.client = client;
    } catch (error) {
      ignoreFailure(error, 'tried again until it works; until then the poll finds the work');
      this.listenAgain();
    }
  }

  private listenAgain(): void {
    if (this.isClosed || this.timer !== null) return;
    this.client = null;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.listen();
    }, reconnectAfterMs);
    this.timer.unref();
  }
}
