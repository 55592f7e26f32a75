import type { SaboteurName } from '../../apps/dns-worker/src/storm-saboteurs.fake.js';
import type { StormDatabase } from '../../apps/dns-worker/src/storm-worker.fake.js';
import { DoorWatch } from './door-watch.js';
import { ForeignWatch } from './foreign-watch.js';
import { Gateway, type Connection } from './gateway.js';
import { Intents } from './intents.js';
import { Past } from './past.js';
import { openPlace, placeNames, type Place, type PlaceName } from './places.js';
import { Scheduler } from './scheduler.js';
import { Seeded } from './seeded.js';
import { Storm, type Met, type Weather } from './weather.js';
import { Workers } from './workers.js';
import { foreignZone } from './zone-soup.js';

export type StormOptions = { seed: number; provider?: PlaceName; weather?: Weather; saboteur?: SaboteurName; trace?: (line: string) => void };
export type StormReport = { seed: number; provider: PlaceName; weather: Weather; hasOutsider: boolean; findings: string[]; steps: number; works: number; connections: number; met: Met };

const workers = 4;
/** Faults and new intents come within the first minutes of a run; then it has to come to rest. */
const stormMs = 240_000;
const mostSteps = 12_000;
const restWithinMs = 3 * 86_400_000;

/** One run: a zone that is not ours, two tenants, four workers, and what the seed sends. */
export async function runStorm(database: StormDatabase, options: StormOptions): Promise<StormReport> {
  await database.clear();
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
  private doors!: DoorWatch;
  private intents!: Intents;
  private workers!: Workers;

  constructor(private readonly database: StormDatabase, private readonly options: StormOptions) {
    this.random = new Seeded(options.seed);
    const provider = this.random.pick(placeNames);
    const weather = this.random.weighted<Weather>({ calm: 1, shaky: 4, deadly: 3, sick: 1, stale: 3, down: 2, overlapping: 3, spoilt: 0 });
    this.provider = options.provider ?? provider;
    this.weather = options.weather ?? weather;
    this.hasOutsider = this.random.chance(0.3) || this.weather === 'spoilt';
    this.startedAt = database.clock.now().getTime();
    this.scheduler = new Scheduler(this.random, {
      advance: (ms) => database.clock.advance(ms),
      nowMs: () => database.clock.now().getTime(),
      mayGo: (task, what) => {
        this.trace(`${this.nowMs() - this.startedAt} ${task.name}: ${what}`);
        return this.workers.mayGo(task, what);
      },
      nextDueMs: () => this.inDatabase(() => database.nextDueMs()),
    });
  }

  async play(): Promise<StormReport> {
    const { random, scheduler, database } = this;
    const seed = foreignZone(random);
    this.place = await openPlace(this.provider, seed, { now: () => database.clock.now(), inPause: () => this.inPause() });
    this.storm = new Storm(random, this.weather, scheduler, this.place, () => this.nowMs());
    this.doors = new DoorWatch(this.place.provider.descriptor, () => this.nowMs(), (kind) => this.storm.meet(kind));
    this.gateway = new Gateway(database, this.provider, database.clock);
    const past = new Past(this.place, { ms: () => this.nowMs(), steps: () => scheduler.steps });
    this.watch = new ForeignWatch({ place: this.place, past, isStale: () => this.storm.strikes('stale'), gateway: this.gateway, random, hasOutsider: this.hasOutsider, spoils: () => this.storm.strikes('spoiled'), reports: this.reports, steps: () => scheduler.steps, trace: (line) => this.trace(line) });
    this.trace(`${this.provider}, ${this.weather}${this.hasOutsider ? ', with another writer' : ''}`);
    await this.watch.begin();
    const common = { random, scheduler, database, place: this.place, storm: this.storm, watch: this.watch, doors: this.doors, gateway: this.gateway, inDatabase: <T>(call: () => Promise<T>) => this.inDatabase(call), trace: (line: string) => this.trace(line) };
    this.intents = new Intents({ ...common, startedAt: this.startedAt });
    this.workers = new Workers({ ...common, saboteur: this.options.saboteur, nowMs: () => this.nowMs(), report: (line) => { this.reports.push(line); this.trace(`  log ${line.trim()}`); } });
    this.intents.begin(stormMs / 2);
    for (let at = 1; at <= workers; at++) this.workers.start(`worker ${at}`, this.nowMs());
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
    this.found.push(...this.watch.found.splice(0), ...this.doors.findings(), ...(await this.watch.findings()).map((finding) => `${when}: ${finding}`));
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
    this.intents.then(what, chosen, act);
    // Half of the time it storms again.
    if (this.random.chance(0.5)) this.storm.begin(stormMs / 2);
    await this.rest(what);
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
