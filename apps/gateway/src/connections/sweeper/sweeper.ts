import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, type Logger } from '@connect/observability';
import { Housekeeping } from './housekeeping.js';
import { SweepConnections } from './sweep-connections.use-case.js';

export const SWEEP_EVERY_MS = Symbol('sweep every ms');
/** Of many short rounds one does the house-keeping, too. */
const housekeepingEvery = 12;

/** Goes round and round in each replica; row locks keep them apart. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private round = 0;
  private stopped = false;

  constructor(
    private readonly sweep: SweepConnections,
    private readonly housekeeping: Housekeeping,
    @Inject(SWEEP_EVERY_MS) private readonly everyMs: number,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.wait();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private wait(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.goRound().finally(() => this.wait());
    }, this.everyMs);
    this.timer.unref();
  }

  private async goRound(): Promise<void> {
    try {
      while (!this.stopped && (await this.sweep.run()) > 0);
      if (this.round++ % housekeepingEvery !== 0) return;
      await this.sweep.sweepClaims();
      await this.housekeeping.run();
    } catch (error) {
      this.log.warn({ err: error }, 'a round of the sweeper failed; the next one tries again');
    }
  }
}
