import type { HttpAnswer, HttpRequest } from '@connect/adapters/spi';
import { recordSetKey } from '@connect/domain';
import { atomsOf } from './atoms.js';
import { agreedLosses, doubled, findings } from './verdict.js';
import type { Gateway } from './gateway.js';
import type { Past } from './past.js';
import type { Place } from './places.js';
import type { Task } from './scheduler.js';
import type { Seeded } from './seeded.js';
import { addition } from './zone-soup.js';

export type Watched = {
  place: Place; past: Past; gateway: Gateway; random: Seeded; hasOutsider: boolean;
  /** Is this read answered with an older state? */
  isStale(): boolean;
  /** Does another writer take something away beside our write now? */
  spoils(): boolean;
  /** What the workers told their operator. */
  reports: readonly string[];
  /** Steps that were made so far. */
  steps(): number;
  trace(line: string): void;
};

/** Knows what in the zone is not ours, sees every request that arrives at the provider, and plays the other writer. */
export class ForeignWatch {
  /** What must be seen at once and not only at the end. */
  readonly found: string[] = [];
  private readonly foreign = new Map<string, { since: number }>();
  private readonly mayBeGone = new Set<string>();
  private readonly firstTtls = new Map<string, number>();
  private doubles = new Set<string>();
  /** What somebody else took away in the moment of our write although it was there when we looked: to be seen, put back and reported. */
  private readonly spoiled = new Set<string>();
  /** When each task last saw the zone, in steps. */
  private readonly sawAt = new WeakMap<Task, number>();

  constructor(private readonly watched: Watched) {}

  /** What stands there now is foreign. */
  async begin(): Promise<void> {
    const { place, trace } = this.watched;
    const sets = await place.recordSets();
    for (const atom of atomsOf(sets)) this.note(atom);
    for (const set of sets) {
      for (const atom of atomsOf([set])) this.firstTtls.set(atom, set.ttlSeconds);
      trace(`  foreign ${recordSetKey(set)} ${set.ttlSeconds} [${set.values.join(' | ')}]`);
    }
    this.doubles = new Set(doubled(place.rows()));
  }

  async findings(): Promise<string[]> {
    const { place, gateway, hasOutsider } = this.watched;
    const held = { sets: await place.recordSets(), rows: place.rows() };
    return [...this.unreported(), ...(await findings(gateway, held, { foreign: new Set(this.foreign.keys()), firstTtls: this.firstTtls, doubles: this.doubles, mayBeGone: this.mayBeGone, hasOutsider }))];
  }

  async observe(by: Task, request: HttpRequest, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const { place, past, gateway, hasOutsider, steps, trace } = this.watched;
    const isWrite = !(request.safe ?? request.method === 'GET');
    if (!isWrite) return this.read(by, request, send);
    past.keep();
    const before = atomsOf(await place.recordSets());
    const since = steps();
    try {
      return await send();
    } finally {
      // Together with what others brought in while it was carried out.
      for (const [atom, known] of this.foreign) if (known.since >= since) before.add(atom);
      const after = atomsOf(await place.recordSets());
      trace(`  wrote: -[${[...before].filter((atom) => !after.has(atom)).join(', ')}] +[${[...after].filter((atom) => !before.has(atom)).join(', ')}]`);
      const agreed = agreedLosses(gateway);
      for (const atom of [...before].filter((each) => !after.has(each) && this.foreign.has(each) && !agreed(each))) this.lost(by, atom);
      const written = new Set([...after].filter((atom) => !before.has(atom)).map(nameOf));
      if (written.size > 0 && hasOutsider && place.provider.descriptor.writeGuard === 'none' && this.watched.spoils()) await this.spoil(by, [...after].filter((atom) => written.has(nameOf(atom)) && !agreed(atom)));
    }
  }

  /** The other writer adds something; what he adds is foreign from then on. */
  async edit(): Promise<void> {
    const { place, random, trace } = this.watched;
    const sets = await place.recordSets();
    const seed = addition(random, sets, place.apex);
    if (seed === null) return;
    const before = atomsOf(sets);
    this.watched.past.keep();
    await place.add([seed]);
    trace(`  outsider adds ${seed.name} ${seed.type} ${seed.value}`);
    for (const atom of atomsOf(await place.recordSets())) if (!before.has(atom)) this.note(atom);
  }

  /** As the zone is, or as it was, where the provider's reads may show that still. A reading of several pages has seen what its oldest page shows. */
  private async read(by: Task, { url }: HttpRequest, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const { past, random, steps, trace } = this.watched;
    const states = past.shown();
    const old = states.length > 0 && this.watched.isStale() ? random.pick(states) : null;
    const answer = await (old === null ? send() : old.show(send));
    if (old !== null) trace(`  stale: as before step ${old.step}`);
    const seen = old?.step ?? steps();
    this.sawAt.set(by, laterPage.test(url) ? Math.min(seen, this.sawAt.get(by) ?? seen) : seen);
    return answer;
  }

  /** A foreign value went with a write of ours. Only a set that is replaced as a whole can lose what came after the last look, and nobody can see that. */
  private lost(by: Task, atom: string): void {
    const { place, hasOutsider } = this.watched;
    const { writeGuard, granularity } = place.provider.descriptor;
    const wasSeen = (this.foreign.get(atom)?.since ?? 0) < (this.sawAt.get(by) ?? 0);
    const isUnavoidable = hasOutsider && writeGuard === 'none' && granularity !== 'record' && !wasSeen;
    if (isUnavoidable) this.mayBeGone.add(atom);
    else this.found.push(`our write takes a foreign value: ${atom}`);
  }

  /** Another writer wrote back an older state of a set that we have just left as it was: one of its values is gone, and it was there when we looked. */
  private async spoil(by: Task, atoms: readonly string[]): Promise<void> {
    const { place, random, trace } = this.watched;
    // Once in a run: what is lost beside the write that puts back is not looked for again.
    const known = atoms.filter((atom) => this.spoiled.size === 0 && / TXT [^s]/.test(atom) && (this.foreign.get(atom)?.since ?? Number.POSITIVE_INFINITY) < (this.sawAt.get(by) ?? 0));
    if (known.length === 0) return;
    const atom = random.pick(known);
    const [name = '', type = ''] = atom.split(' ');
    const set = (await place.recordSets()).find((each) => each.ownerName === name && each.type === type)!;
    const relative = name === place.apex ? '' : name.slice(0, -place.apex.length - 1);
    this.watched.past.keep();
    await place.remove([{ name: relative, type }]);
    await place.add(set.values.filter((value) => !atomsOf([{ ...set, values: [value] }]).has(atom)).map((value) => ({ name: relative, type, ttlSeconds: set.ttlSeconds, value })));
    trace(`  outsider spoils ${atom}`);
    this.spoiled.add(atom);
    // What is put back has a TTL that the API takes, also where the one before was older than that limit.
    if (set.ttlSeconds < place.provider.descriptor.capabilities.ttl.minSeconds) this.firstTtls.delete(atom);
  }

  private unreported(): string[] {
    return [...this.spoiled].filter((atom) => !this.watched.reports.some((line) => line.includes('foreign') && line.includes(atom.split(' ').slice(0, 2).join(' ')))).map((atom) => `what another writer took away beside our write was told to nobody: ${atom}`);
  }

  private note(atom: string): void {
    this.foreign.set(atom, { since: this.watched.steps() });
  }
}

/** In any of the ways of the six: a number of the page, a cursor, or where to go on. */
const laterPage = /[?&](page=([2-9]|1\d)|cursor=[^&]|name=[^&]+&.*type=|marker=)/;

function nameOf(atom: string): string {
  return atom.split(' ')[0]!;
}
