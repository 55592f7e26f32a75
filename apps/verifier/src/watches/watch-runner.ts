import { ignoreFailure } from '@connect/domain';
import type { WatchStore } from '../ports/watch-store.port.js';
import type { LookAtWatch } from './look-at-watch.use-case.js';

const idlePollMs = 1_000;
const shortestPollMs = 50;

/** Works off due watches, some at a time, until it is told to stop. A failed look is tried again when its claim runs out. */
export class WatchRunner {
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private loop: Promise<void> = Promise.resolve();
  private isNudged = false;

  constructor(private readonly store: WatchStore, private readonly lookAtWatch: LookAtWatch, private readonly concurrency: number, private readonly report: (error: unknown) => void) {}

  start(): void {
    this.loop = this.work();
  }

  /** Something became due in this process: do not wait for the next poll. */
  nudge(): void {
    this.isNudged = true;
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
  }

  private async work(): Promise<void> {
    const running = new Set<Promise<void>>();
    while (!this.stopping.signal.aborted) {
      this.isNudged = false;
      const claimed = await this.claim(this.concurrency - running.size);
      for (const watch of claimed) {
        const look = this.lookAtWatch.run(watch, this.stopping.signal).catch(this.report).finally(() => {
          running.delete(look);
          this.wake();
        });
        running.add(look);
      }
      // With all hands full there is nothing to ask for: the end of a look wakes.
      if (running.size >= this.concurrency) await this.rest(idlePollMs);
      else if (claimed.length === 0) await this.rest(await this.restMs());
    }
    await Promise.all(running);
  }

  private async claim(limit: number): Promise<Awaited<ReturnType<WatchStore['claimDue']>>> {
    if (limit <= 0) return [];
    try {
      return await this.store.claimDue(limit);
    } catch (error) {
      this.report(error);
      return [];
    }
  }

  private async restMs(): Promise<number> {
    try {
      return Math.min(idlePollMs, Math.max(shortestPollMs, (await this.store.nextDueInMs()) ?? idlePollMs));
    } catch (error) {
      ignoreFailure(error, 'the database is away; the next claim reports it');
      return idlePollMs;
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.isNudged || this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
