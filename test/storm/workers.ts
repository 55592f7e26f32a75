import { createLogger } from '@connect/observability';
import type { SaboteurName } from '../../apps/dns-worker/src/storm-saboteurs.fake.js';
import { turnMs, type Step, type StormDatabase } from '../../apps/dns-worker/src/storm-worker.fake.js';
import type { DoorWatch } from './door-watch.js';
import type { ForeignWatch } from './foreign-watch.js';
import type { Place } from './places.js';
import type { Scheduler, Task } from './scheduler.js';
import type { Seeded } from './seeded.js';
import type { Storm } from './weather.js';

export type WorkersParts = {
  random: Seeded; scheduler: Scheduler; database: StormDatabase; place: Place; storm: Storm; watch: ForeignWatch; doors: DoorWatch; saboteur: SaboteurName | undefined;
  nowMs(): number;
  inDatabase<T>(call: () => Promise<T>): Promise<T>;
  /** What they tell their operator. */
  report(line: string): void;
  trace(line: string): void;
};

/** Where a worker hangs in overlapping weather: before it looks, before it says what it will write, and with the write in its hands. */
const mayOverlap = new Set(['works.due', 'credentials.lend', 'transactions.run', 'http.write']);

/** The workers of a run, and what becomes of them. */
export class Workers {
  constructor(private readonly parts: WorkersParts) {}

  /** A worker of this name, once it is time; another one takes its place when it is abandoned. */
  start(name: string, at: number): void {
    const { scheduler, trace } = this.parts;
    const holder = `${name} ${scheduler.steps}`;
    scheduler.spawn(name, async (task) => {
      await scheduler.wait(task, at, 'start');
      const poll = this.worker(holder, task);
      for (;;) {
        // What the runner of a process does: an error ends the work in hand, and its turn is not given back.
        const found = await poll().catch((error: unknown) => { trace(`  ${holder} broke off: ${String(error)}`); return true; });
        if (!found) await scheduler.idle(task);
      }
    });
  }

  /** Before a step of anybody: workers may be abandoned there, or kept waiting. */
  mayGo(task: Task, what: string): 'go' | 'abandon' | { waitMs: number } {
    const { random, scheduler, storm, nowMs, trace } = this.parts;
    if (!task.name.startsWith('worker') || what === 'start') return 'go';
    if (storm.strikes('hanging')) {
      const waitMs = random.pick([1_000, 20_000, 40_000, 100_000, 300_000]);
      trace(`  hangs ${waitMs}`);
      return { waitMs };
    }
    if (mayOverlap.has(what) && storm.strikes('overlapping')) {
      const waitMs = this.pastTurnMs(what);
      trace(`  hangs ${waitMs}, past its turn`);
      return { waitMs };
    }
    if (!storm.strikes('abandoned')) return 'go';
    trace('  abandoned');
    scheduler.abandon(task);
    this.start(task.name, nowMs() + random.pick([0, 1_000, 30_000]));
    return 'abandon';
  }

  /** Until about when its successor is at work; a write is sometimes only held up until its turn is almost over, and goes out then. */
  private pastTurnMs(what: string): number {
    const { random, place } = this.parts;
    const { callTimeoutMs, settleTimeMs } = place.provider.descriptor;
    if (what === 'http.write' && random.chance(0.7)) return random.int(turnMs / 2, turnMs - 500);
    return turnMs + callTimeoutMs + settleTimeMs + random.int(-2_000, 4_000);
  }

  private worker(holder: string, task: Task): () => Promise<boolean> {
    const { scheduler, database, random, storm, watch, doors, place, saboteur, report } = this.parts;
    let credentialId = '';
    const log = createLogger({ service: 'dns-worker', level: 'warn', destination: { write: report } });
    const step: Step = (what, call) => scheduler.step(task, what, () => this.atDatabase(what, call));
    return database.worker({
      name: holder, step, log, ...(saboteur === undefined ? {} : { saboteur }), random: () => random.next(),
      transport: { portsFor: (_provider, credential) => doors.guard(task, { ...storm.ports(() => task, credentialId, (by, request, send, leftAtMs) => {
        doors.arrived(credential.open((token) => token), request, leftAtMs);
        return watch.observe(by, request, send);
      }), clock: database.clock }), close: () => Promise.resolve() },
      watch: (circuits) => doors.watched(task, circuits),
      deadline: (ms) => storm.deadline(ms),
      lend: (id) => {
        credentialId = id;
        if (storm.strikes('vault')) throw new TypeError('the vault is away');
        return storm.strikes('revoked') ? place.wrongToken : place.token;
      },
    });
  }

  private async atDatabase<T>(what: string, call: () => Promise<T>): Promise<T> {
    const { random, scheduler, storm, nowMs, inDatabase } = this.parts;
    if (storm.strikes('database')) throw new TypeError('the database is away');
    if (random.chance(0.1)) scheduler.moveTo(nowMs() + random.int(1, 40));
    const result = await inDatabase(call);
    const hasTaken = (what === 'turns.take' || what === 'errands.claim') && Array.isArray(result) && result.length > 0;
    if (hasTaken || what === 'transactions.run' || what === 'turns.release') scheduler.tell();
    if (storm.strikes('database_after')) throw new TypeError('the database is away, and what was asked is done');
    return result;
  }
}
