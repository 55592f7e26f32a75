import { setImmediate } from 'node:timers/promises';
import type { Seeded } from './seeded.js';

/** Somebody who acts in a run: a worker, the gateway, another writer, a late request. What an abandoned one was about to do never happens. */
export type Task = { name: string; isAbandoned: boolean; isOver: boolean };
type Parked = { task: Task; what: string; readyAt: number; wakesOn: AbortSignal | null; isIdle: boolean; seen: number; go: () => Promise<void> };
type Alarm = { at: number; ring: () => void };

export type StepOptions = { readyAt?: number; wakesOn?: AbortSignal; isIdle?: boolean };
export type SchedulerHooks = {
  /** Moves all clocks on by so many milliseconds. */
  advance(ms: number): void;
  nowMs(): number;
  /** Before a step is made; may abandon its task or keep it waiting. True: the step is made now. */
  mayGo(task: Task, what: string): 'go' | 'abandon' | { waitMs: number };
  /** When something in the database becomes due, or null. */
  nextDueMs(): Promise<number | null>;
};

/** An idle worker is asked rarely while others are busy, or wait for an answer. */
const idleShare = 0.05;
const idleShareInPauses = 0.25;

/**
 * Decides who goes on, one step at a time, and moves the time. Between two steps everybody stands before a call to the outside, so that the same seed
 * gives the same run. Nothing here waits for real time.
 */
export class Scheduler {
  private parked: Parked[] = [];
  private alarms: Alarm[] = [];
  private news = 0;
  private failure: { error: unknown } | null = null;
  steps = 0;

  constructor(private readonly random: Seeded, private readonly hooks: SchedulerHooks) {}

  /** Begins to act. An error of a task ends the run: whoever may fail catches it. */
  spawn(name: string, act: (task: Task) => Promise<void>): Task {
    const task: Task = { name, isAbandoned: false, isOver: false };
    act(task).catch((error: unknown) => { this.failure ??= { error }; }).finally(() => { task.isOver = true; });
    return task;
  }

  /** Waits for its turn, then makes the call. Never goes on once the task is abandoned. */
  step<T>(task: Task, what: string, call: () => Promise<T>, options: StepOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (task.isAbandoned) return;
      this.parked.push({
        task, what, readyAt: options.readyAt ?? 0, wakesOn: options.wakesOn ?? null, isIdle: options.isIdle ?? false, seen: this.news,
        go: async () => {
          try {
            const result = await call();
            if (!task.isAbandoned) resolve(result);
          } catch (error) {
            if (!task.isAbandoned) reject(error as Error);
          }
        },
      });
    });
  }

  /** Until the instant; what it is worth to be woken for. */
  wait(task: Task, untilMs: number, what: string): Promise<void> {
    return this.step(task, what, () => Promise.resolve(), { readyAt: untilMs });
  }

  /** Until something happened that may have made work. */
  idle(task: Task): Promise<void> {
    return this.step(task, 'idle', () => Promise.resolve(), { isIdle: true });
  }

  /** Something was written: whoever is idle may look again. */
  tell(): void {
    this.news += 1;
  }

  abandon(task: Task): Parked[] {
    task.isAbandoned = true;
    const left = this.parked.filter((each) => each.task === task);
    this.parked = this.parked.filter((each) => each.task !== task);
    return left;
  }

  /** Is called when the time has come; not a step. */
  alarm(at: number, ring: () => void): void {
    this.alarms.push({ at, ring });
  }

  /** Until nobody has anything to do and nothing will become due. False: it did not come to rest within the limits. */
  async run({ maxSteps, untilMs }: { maxSteps: number; untilMs: number }): Promise<boolean> {
    for (;;) {
      await setImmediate();
      if (this.failure !== null) throw this.failure.error;
      if (this.steps >= maxSteps || this.hooks.nowMs() > untilMs) return false;
      const next = this.choose();
      if (next !== null) await this.make(next);
      else if (!(await this.passTime())) return true;
    }
  }

  private choose(): Parked | null {
    const now = this.hooks.nowMs();
    const ready = this.parked.filter((each) => (each.isIdle ? each.seen !== this.news : each.readyAt <= now || each.wakesOn?.aborted === true));
    const busy = ready.filter(({ isIdle }) => !isIdle);
    const idle = ready.filter(({ isIdle }) => isIdle);
    const isSomebodyWaiting = this.parked.some(({ isIdle }) => !isIdle);
    const asksIdle = idle.length > 0 && (!isSomebodyWaiting || this.random.chance(busy.length > 0 ? idleShare : idleShareInPauses));
    if (!asksIdle) return busy.length === 0 ? null : this.random.pick(busy);
    // What one of them does not find the others would not find either.
    for (const each of idle) each.seen = this.news;
    return this.random.pick(idle);
  }

  private async make(next: Parked): Promise<void> {
    this.steps += 1;
    const verdict = next.isIdle ? 'go' : this.hooks.mayGo(next.task, next.what);
    if (verdict === 'abandon') return;
    if (typeof verdict === 'object') {
      next.readyAt = this.hooks.nowMs() + verdict.waitMs;
      // Who is kept from going on does not hear a signal either.
      next.wakesOn = null;
      return;
    }
    this.parked.splice(this.parked.indexOf(next), 1);
    await next.go();
  }

  private async passTime(): Promise<boolean> {
    // What is due is of interest to whoever is free to take it.
    const due = this.parked.some(({ isIdle }) => isIdle) ? await this.hooks.nextDueMs() : null;
    const candidates = [...this.parked.filter(({ isIdle }) => !isIdle).map(({ readyAt }) => readyAt), ...(due === null ? [] : [due])];
    if (candidates.length === 0) return false;
    this.moveTo(Math.ceil(Math.max(Math.min(...candidates), this.hooks.nowMs() + 1)));
    this.tell();
    return true;
  }

  /** Time goes by; alarms ring in their order. */
  moveTo(at: number): void {
    for (;;) {
      const [first] = this.alarms.filter((alarm) => alarm.at <= at).sort((a, b) => a.at - b.at);
      if (first === undefined) break;
      this.alarms.splice(this.alarms.indexOf(first), 1);
      this.advanceTo(first.at);
      first.ring();
    }
    this.advanceTo(at);
  }

  private advanceTo(at: number): void {
    const ms = at - this.hooks.nowMs();
    if (ms > 0) this.hooks.advance(ms);
  }
}
