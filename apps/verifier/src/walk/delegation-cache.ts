import { suffixesOf, type Clock, type OwnerName } from '@connect/domain';
import type { Delegation, Walk } from './delegation.js';

const maxZones = 50_000;
/** A delegation is trusted for its TTL but no longer than this, so that a customer who moves to another provider is seen in minutes. */
const maxAgeMs = 300_000;
const minAgeMs = 2_000;

/** Zone cuts seen lately, with the way to each. Bounded: the oldest goes first. */
export class DelegationCache {
  private readonly walks = new Map<OwnerName, { walk: Walk; until: number }>();
  private readonly chains = new Map<OwnerName, { chain: Delegation[]; until: number }>();

  constructor(private readonly clock: Clock) {}

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
    if (this.chains.size > maxZones) this.chains.delete(this.chains.keys().next().value as OwnerName);
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
    if (this.walks.size > maxZones) this.walks.delete(this.walks.keys().next().value as OwnerName);
  }
}

function ageOf(chain: Delegation[]): number {
  return Math.max(minAgeMs, Math.min(maxAgeMs, ...chain.slice(1).map((delegation) => delegation.ttlSeconds * 1000)));
}
