import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Logger } from '@connect/observability';
import { sweepOldRows } from './old-rows.js';

const everyMs = 3_600_000;

/** Deletes old rows once an hour. Every replica does it, and none minds the others. */
export class HousekeepingTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(private readonly dataSource: DataSource, private readonly log: Logger) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => { this.round = this.round.then(() => this.run()); }, everyMs);
    this.timer.unref();
  }

  /** No new round, and the end of the one that runs. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  private async run(): Promise<void> {
    try {
      const count = await sweepOldRows(this.dataSource.manager);
      if (count > 0) this.log.info({ count }, 'old rows are deleted');
    } catch (err) {
      this.log.warn({ err }, 'old rows could not be deleted; trying again in an hour');
    }
  }
}
