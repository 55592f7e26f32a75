import { suffixesOf, type Clock, type OwnerName } from '@connect/domain';
import type { Delegation, Walk } from './delegation.js';

const maxZones = 20_000;
/** A delegation is trusted for its TTL but no longer than this, so that a customer who moves to another provider is seen in minutes. */
const maxAgeMs = 300_000;
const minAgeMs = 2_000;

/** Zone cuts seen lately, with the way to each. Bounded by number, and by age: what is over is let go when the next one comes, oldest first. */
export class DelegationCache {
  private readonly walks = new Map<OwnerName, { walk: Walk; until: number }>();
  private readonly chains = new Map<OwnerName, { chain: Delegation[]; until: number }>();

  constructor(private readonly clock: Clock) {}

  /** How many ways are remembered, over or not. */
  get size(): number {
    return this.walks.size + this.chains.size;
  }

  /** The way to the deepest known zone at or above the name. */
  deepest(name: OwnerName): Delegation[] | null {
    for (const suffix of suffixesOf(name)) {
      const known = this.chains.get(suffix);
      if (known === undefined) continue;
      if (known.until > this.clock.monotonicMs()) return known.chain;
      this.chains.delete(suffix);
    }
    return null;
  }

  remember(chain: Delegation[]): void {
    const zone = chain.at(-1);
    if (zone === undefined || zone.zone === '.') return;
    this.chains.delete(zone.zone);
    this.chains.set(zone.zone, { chain, until: this.clock.monotonicMs() + ageOf(chain) });
    forget(this.chains, this.clock.monotonicMs());
  }

  /** The way to the zone of a name that was walked to its end lately. */
  settled(name: OwnerName): Walk | null {
    const known = this.walks.get(name);
    if (known === undefined) return null;
    if (known.until > this.clock.monotonicMs()) return known.walk;
    this.walks.delete(name);
    return null;
  }

  rememberWalk(name: OwnerName, walk: Walk): void {
    this.walks.delete(name);
    this.walks.set(name, { walk, until: this.clock.monotonicMs() + ageOf(walk.chain) });
    forget(this.walks, this.clock.monotonicMs());
  }
}

/** What is not whole is asked for again by the look that confirms. */
function ageOf(chain: Delegation[]): number {
  if (chain.at(-1)?.isWhole === false) return minAgeMs;
  return Math.max(minAgeMs, Math.min(maxAgeMs, ...chain.slice(1).map((delegation) => delegation.ttlSeconds * 1000)));
}

/** From the oldest on. One that lives longer than those after it keeps them for its time, at most {@link maxAgeMs}. */
function forget(entries: Map<OwnerName, { until: number }>, nowMs: number): void {
  for (const [name, { until }] of entries) {
    if (until > nowMs && entries.size <= maxZones) return;
    entries.delete(name);
  }
}
