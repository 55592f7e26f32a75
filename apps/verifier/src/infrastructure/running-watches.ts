import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { WatchRunner } from '../watches/watch-runner.js';

/** Ties the runner to the life of the process. */
export class RunningWatches implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly runner: WatchRunner) {}

  onApplicationBootstrap(): void {
    this.runner.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.stop();
  }
}
