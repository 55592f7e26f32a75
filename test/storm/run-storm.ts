import { newId, ownerName, recordSetKey, type OwnerName, type RecordSet } from '@connect/domain';
import { createLogger } from '@connect/observability';
import type { SaboteurName } from '../../apps/dns-worker/src/storm-saboteurs.fake.js';
import type { Step, StormDatabase } from '../../apps/dns-worker/src/storm-worker.fake.js';
import { ForeignWatch } from './foreign-watch.js';
import { Gateway, type Connection } from './gateway.js';
import { openPlace, placeNames, type Place, type PlaceName } from './places.js';
import { Scheduler, type Task } from './scheduler.js';
import { Seeded } from './seeded.js';
import { Storm, type Met, type Weather } from './weather.js';
import { foreignZone, wishesOf } from './zone-soup.js';

export type StormOptions = { seed: number; provider?: PlaceName; weather?: Weather; saboteur?: SaboteurName; trace?: (line: string) => void };
export type StormReport = { seed: number; provider: PlaceName; weather: Weather; hasOutsider: boolean; findings: string[]; steps: number; works: number; connections: number; met: Met };

const workers = 4;
/** Faults and new intents come within the first minutes of a run; then it has to come to rest. */
const stormMs = 240_000;
const mostSteps = 12_000;
const restWithinMs = 3 * 86_400_000;

/** One run: a zone that is not ours, two tenants, four workers, and what the seed sends. */
export async function runStorm(database: StormDatabase, options: StormOptions): Promise<StormReport> {
  const run = new Run(database, options);
  try {
    return await run.play();
  } finally {
    await run.stop();
  }
}

class Run {
  private readonly random: Seeded;
  private readonly provider: PlaceName;
  private readonly weather: Weather;
  private readonly hasOutsider: boolean;
  private readonly scheduler: Scheduler;
  private readonly startedAt: number;
  private readonly reports: string[] = [];
  private readonly found: string[] = [];
  private place!: Place;
  private storm!: Storm;
  private gateway!: Gateway;
  private watch!: ForeignWatch;

  constructor(private readonly database: StormDatabase, private readonly options: StormOptions) {
    this.random = new Seeded(options.seed);
    const provider = this.random.pick(placeNames);
    const weather = this.random.weighted<Weather>({ calm: 1, shaky: 5, deadly: 3, sick: 1, spoilt: 0 });
    this.provider = options.provider ?? provider;
    this.weather = options.weather ?? weather;
    this.hasOutsider = this.random.chance(0.3) || this.weather === 'spoilt';
    this.startedAt = database.clock.now().getTime();
    this.scheduler = new Scheduler(this.random, {
      advance: (ms) => database.clock.advance(ms),
      nowMs: () => database.clock.now().getTime(),
      mayGo: (task, what) => this.mayGo(task, what),
      nextDueMs: () => this.inDatabase(() => database.nextDueMs()),
    });
  }

  async play(): Promise<StormReport> {
    const { random, scheduler, database } = this;
    await database.clear();
    const seed = foreignZone(random);
    this.place = await openPlace(this.provider, seed, { now: () => database.clock.now(), inPause: () => this.inPause() });
    this.storm = new Storm(random, this.weather, scheduler, this.place, () => this.nowMs());
    this.gateway = new Gateway(database, this.provider, database.clock);
    this.watch = new ForeignWatch({ place: this.place, gateway: this.gateway, random, hasOutsider: this.hasOutsider, spoils: () => this.storm.strikes('spoiled'), reports: this.reports, steps: () => scheduler.steps, trace: (line) => this.trace(line) });
    this.trace(`${this.provider}, ${this.weather}${this.hasOutsider ? ', with another writer' : ''}`);
    await this.watch.begin();
    for (const [at, name] of this.script()) this.trace(`${at} ${name}`);
    for (let at = 1; at <= workers; at++) this.startWorker(`worker ${at}`, this.nowMs());
    if (this.hasOutsider) this.startOutsider();

    this.storm.begin(stormMs);
    await this.rest('storm');
    await this.afterwards('second thoughts', async (connection) => {
      const end = await this.gateway.end(connection);
      if (await this.gateway.approve(connection)) return;
      if (end?.state === 'refused') await this.gateway.retry(connection);
    }, 0.7);
    await this.afterwards('farewell', (connection) => this.gateway.remove(connection, false), random.pick([0, 0.5, 1]));
    const works = await this.inDatabase(() => database.ends(this.gateway.connections.map(({ id }) => id)));
    return { seed: this.options.seed, provider: this.provider, weather: this.weather, hasOutsider: this.hasOutsider, findings: [...new Set(this.found)], steps: scheduler.steps, works: works.length, connections: this.gateway.connections.length, met: this.storm.met };
  }

  async stop(): Promise<void> {
    await this.place?.stop();
  }

  private nowMs(): number {
    return this.database.clock.now().getTime();
  }

  private async inDatabase<T>(call: () => Promise<T>): Promise<T> {
    await this.database.showTime();
    return call();
  }

  private async rest(when: string): Promise<void> {
    const atRest = await this.scheduler.run({ maxSteps: this.scheduler.steps + mostSteps, untilMs: this.nowMs() + restWithinMs });
    if (!atRest) this.found.push(`${when}: it does not come to rest`);
    if (this.options.trace !== undefined) await this.tellFacts();
    this.found.push(...this.watch.found.splice(0), ...(await this.watch.findings()).map((finding) => `${when}: ${finding}`));
  }

  private async tellFacts(): Promise<void> {
    for (const connection of this.gateway.connections) {
      for (const { type, generation, data } of await this.gateway.factsOf(connection)) this.trace(`  fact ${connection.id} ${generation} ${type} ${JSON.stringify(data)}`);
    }
    for (const row of await this.database.query('SELECT connection_id, owner_name, type, value, role FROM ledger ORDER BY owner_name, type, value, role')) this.trace(`  ledger ${JSON.stringify(row)}`);
  }

  private async afterwards(what: string, act: (connection: Connection) => Promise<void>, share: number): Promise<void> {
    const chosen = this.gateway.connections.filter(() => this.random.chance(share));
    if (chosen.length === 0 || this.found.length > 0) return;
    this.scheduler.spawn(what, async (task) => {
      for (const connection of chosen) await this.scheduler.step(task, what, () => this.intend(what, connection, () => act(connection)));
    });
    // Half of the time it storms again.
    if (this.random.chance(0.5)) this.storm.begin(stormMs / 2);
    await this.rest(what);
  }

  /** The intents of two tenants, at instants of the first minutes, some of them all at once. */
  private script(): [number, string][] {
    const { random } = this;
    const tenants = [this.tenant(), this.tenant()];
    const told: [number, string][] = [];
    for (let count = random.int(2, 6); count > 0; count--) {
      const connection = this.gateway.connection(random.pick(tenants), this.hostname(), random.weighted({ upsert: 6, replace_conflicting: 2, create_only: 1 }));
      const instants = Array.from({ length: random.int(1, 4) }, () => random.pick([0, 0, random.int(0, 2_000), random.int(0, stormMs / 2)])).sort((a, b) => a - b);
      this.scheduler.spawn(`gateway of ${connection.id}`, async (task) => {
        for (const [at, instant] of instants.entries()) {
          await this.scheduler.wait(task, this.startedAt + instant, 'gateway');
          const kind = at === 0 ? 'apply' : random.weighted({ apply: 4, remove: 3, keep: 0.5, undo: 2, approve: 3, retry: 1, redeliver: 1.5 });
          await this.scheduler.step(task, `gateway ${kind}`, () => this.intend(kind, connection, () => this.send(kind, connection)));
        }
      });
      told.push([instants[0] ?? 0, `${connection.id} of ${connection.tenantId} at ${connection.hostname}, ${connection.policy}`]);
    }
    return told;
  }

  private async send(kind: 'apply' | 'remove' | 'keep' | 'undo' | 'approve' | 'retry' | 'redeliver', connection: Connection): Promise<void> {
    const { gateway } = this;
    switch (kind) {
      case 'apply': return gateway.apply(connection, this.wishes());
      case 'remove': return gateway.remove(connection, false);
      case 'keep': return gateway.remove(connection, true);
      case 'undo': return gateway.undo(connection);
      case 'approve': return void (await gateway.approve(connection));
      case 'retry': return gateway.retry(connection);
      case 'redeliver': return gateway.redeliver(connection);
    }
  }

  private async intend(what: string, connection: Connection, act: () => Promise<void>): Promise<void> {
    this.trace(`${what} ${connection.id}`);
    await this.inDatabase(act);
    this.scheduler.tell();
  }

  private tenant(): { tenantId: string; applicationId: string; credentialId: string } {
    return { tenantId: newId('tenant'), applicationId: newId('application'), credentialId: newId('credential') };
  }

  private hostname(): OwnerName {
    return ownerName(`${this.random.pick(['www', 'shop', 'mail'])}.${this.place.apex}`);
  }

  private wishes(): RecordSet[] {
    const wishes = wishesOf(this.random, this.place.apex);
    this.trace(`  wishes ${wishes.map((set) => `${recordSetKey(set)} ${set.ttlSeconds} [${set.values.join(' | ')}]`).join('; ')}`);
    return wishes;
  }

  /** A worker of this name, once it is time; another one takes its place when it is abandoned. */
  private startWorker(name: string, at: number): void {
    const { scheduler, database, random } = this;
    const holder = `${name} ${scheduler.steps}`;
    scheduler.spawn(name, async (task) => {
      await scheduler.wait(task, at, 'start');
      const log = createLogger({ service: 'dns-worker', level: 'warn', destination: { write: (line) => { this.reports.push(line); this.trace(`  log ${line.trim()}`); } } });
      const step: Step = (what, call) => scheduler.step(task, what, () => this.atDatabase(what, call));
      const poll = database.worker({
        name: holder, step, log, ...(this.options.saboteur === undefined ? {} : { saboteur: this.options.saboteur }), random: () => random.next(),
        transport: { portsFor: () => ({ ...this.storm.ports(() => task, (by, request, send) => this.watch.observe(by, request, send)), clock: database.clock }), close: () => Promise.resolve() },
        deadline: (ms) => {
          const controller = new AbortController();
          scheduler.alarm(this.nowMs() + ms, () => controller.abort(new DOMException('the turn is over', 'TimeoutError')));
          return controller.signal;
        },
        lend: () => {
          if (this.storm.strikes('vault')) throw new TypeError('the vault is away');
          return this.storm.strikes('revoked') ? this.place.wrongToken : this.place.token;
        },
      });
      for (;;) {
        // What the runner of a process does: an error ends the work in hand, and its turn is not given back.
        const found = await poll().catch((error: unknown) => { this.trace(`  ${holder} broke off: ${String(error)}`); return true; });
        if (!found) await scheduler.idle(task);
      }
    });
  }

  private async atDatabase<T>(what: string, call: () => Promise<T>): Promise<T> {
    if (this.storm.strikes('database')) throw new TypeError('the database is away');
    if (this.random.chance(0.1)) this.scheduler.moveTo(this.nowMs() + this.random.int(1, 40));
    const result = await this.inDatabase(call);
    const hasTaken = (what === 'turns.take' || what === 'errands.claim') && Array.isArray(result) && result.length > 0;
    if (hasTaken || what === 'transactions.run' || what === 'turns.release') this.scheduler.tell();
    if (this.storm.strikes('database_after')) throw new TypeError('the database is away, and what was asked is done');
    return result;
  }

  private mayGo(task: Task, what: string): 'go' | 'abandon' | { waitMs: number } {
    this.trace(`${this.nowMs() - this.startedAt} ${task.name}: ${what}`);
    if (!task.name.startsWith('worker') || what === 'start') return 'go';
    if (this.storm.strikes('hanging')) {
      const waitMs = this.random.pick([1_000, 20_000, 40_000, 100_000, 300_000]);
      this.trace(`  hangs ${waitMs}`);
      return { waitMs };
    }
    if (!this.storm.strikes('abandoned')) return 'go';
    this.trace('  abandoned');
    this.scheduler.abandon(task);
    this.startWorker(task.name, this.nowMs() + this.random.pick([0, 1_000, 30_000]));
    return 'abandon';
  }

  private async inPause(): Promise<void> {
    if (this.hasOutsider && this.storm.isOn && this.random.chance(0.3)) await this.watch.edit();
  }

  private startOutsider(): void {
    this.scheduler.spawn('outsider', async (task) => {
      for (let at = 0; at < stormMs / 2; at += this.random.int(100, 20_000)) {
        await this.scheduler.wait(task, this.startedAt + at, 'outsider');
        await this.scheduler.step(task, 'outsider edits', () => this.watch.edit());
      }
    });
  }

  private trace(line: string): void {
    this.options.trace?.(line);
  }
}
