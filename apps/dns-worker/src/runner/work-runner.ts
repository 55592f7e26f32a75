import { ignoreFailure, newUuid, type Clock } from '@connect/domain';
import type { Logger } from '@connect/observability';
import type { Tally } from '../ports/tally.port.js';
import type { WorkNudge } from '../ports/work-nudge.port.js';
import { turnMs, type ZoneTurn, type ZoneTurns } from '../ports/zone-turns.port.js';
import type { ErrandStore } from '../ports/zone-work-store.port.js';
import type { ServeZone } from '../zone-turn/serve-zone.use-case.js';
import type { RunErrands } from './run-errands.use-case.js';

const idlePollMs = 1_000;
const shortestPollMs = 20;

export type RunnerSettings = { concurrentZones: number; clock: Pick<Clock, 'monotonicMs'>; log: Logger; tally: Pick<Tally, 'turned'> };

/** Works off what is due, some zones at a time, until it is told to stop. Woken by a nudge; the poll is the net below. */
export class WorkRunner implements WorkNudge {
  private readonly holder = newUuid();
  private readonly zones = new Set<Promise<void>>();
  private readonly errands = new Set<Promise<void>>();
  private wake: () => void = () => undefined;
  private isNudged = false;
  private isStopping = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly turns: ZoneTurns,
    private readonly errandStore: ErrandStore,
    private readonly serveZone: ServeZone,
    private readonly runErrands: RunErrands,
    private readonly settings: RunnerSettings,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  nudge(): void {
    this.isNudged = true;
    this.wake();
  }

  /** Would a nudge find nobody free here? Then another replica should hear it. */
  get isBusy(): boolean {
    return this.zones.size >= this.settings.concurrentZones || this.errands.size >= this.settings.concurrentZones;
  }

  /** Takes nothing new and finishes what is in hand. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      this.isNudged = false;
      const found = await this.takeWork();
      if (!found && !this.isNudged) await this.rest(await this.restMs());
    }
    await Promise.all([...this.zones, ...this.errands]);
  }

  private async takeWork(): Promise<boolean> {
    try {
      const [turns, errand] = await Promise.all([this.takeTurns(), this.takeErrand()]);
      return turns > 0 || errand;
    } catch (error) {
      this.settings.log.warn({ err: error }, 'no work could be taken; trying again');
      return false;
    }
  }

  private async takeTurns(): Promise<number> {
    const free = this.settings.concurrentZones - this.zones.size;
    if (free <= 0) return 0;
    // A holder for each taking: after a crash of Postgres that forgot a turn, the next one may have its fence, and be ours as well.
    const turns = await this.turns.take(newUuid(), free);
    for (const turn of turns) this.track(this.zones, this.serve(turn));
    return turns.length;
  }

  private async takeErrand(): Promise<boolean> {
    if (this.errands.size >= this.settings.concurrentZones) return false;
    const startedAt = this.settings.clock.monotonicMs();
    const works = await this.errandStore.claim(this.holder);
    if (works.length > 0) this.track(this.errands, this.runErrands.run(works, () => Math.max(0, startedAt + turnMs - this.settings.clock.monotonicMs())));
    return works.length > 0;
  }

  private async serve(turn: ZoneTurn): Promise<void> {
    try {
      await this.serveZone.run(turn);
    } catch (error) {
      this.settings.tally.turned('broken_off');
      throw error;
    }
    this.settings.tally.turned('ended');
    // Not after an error: then the end of the turn is waited for, and whoever comes next looks at what was left.
    await this.turns.release(turn);
  }

  private track(running: Set<Promise<void>>, work: Promise<void>): void {
    const tracked = work.catch((error: unknown) => this.settings.log.warn({ err: error }, 'work was broken off; it is taken up again after the end of its turn')).finally(() => {
      running.delete(tracked);
      this.nudge();
    });
    running.add(tracked);
  }

  private async restMs(): Promise<number> {
    try {
      return Math.min(idlePollMs, Math.max(shortestPollMs, (await this.errandStore.nextDueInMs()) ?? idlePollMs));
    } catch (error) {
      ignoreFailure(error, 'the database is away; the next look for work reports it');
      return idlePollMs;
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.isNudged || this.isStopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
