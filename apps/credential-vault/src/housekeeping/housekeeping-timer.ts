import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Housekeeping } from './housekeeping.js';
import type { RewrapKeys } from '../rewrap-keys/rewrap-keys.use-case.js';

const everyMs = 60_000;

/** Before the first message: the check of the keyring, which may refuse the start, and one round; then a round each minute. */
export class HousekeepingTimer implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(private readonly housekeeping: Housekeeping, private readonly rewrapKeys: RewrapKeys) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.rewrapKeys.check();
    await this.housekeeping.run();
    this.#timer = setInterval(() => { this.#round = this.#round.then(() => this.housekeeping.run()); }, everyMs);
    this.#timer.unref();
  }

  /** No new round, and the end of the one that runs. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }
}
