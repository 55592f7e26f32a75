import { suffixesOf, type Clock, type OwnerName } from '@connect/domain';
import type { Delegation } from './delegation.js';

const maxZones = 50_000;
/** A delegation is trusted for its TTL but no longer than this, so that a customer who moves to another provider is seen in minutes. */
const maxAgeMs = 300_000;
const minAgeMs = 2_000;

/** Zone cuts seen lately, with the way to each. Bounded: the oldest goes first. */
export class DelegationCache {
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
    const ageMs = Math.max(minAgeMs, Math.min(maxAgeMs, ...chain.slice(1).map((delegation) => delegation.ttlSeconds * 1000)));
    this.chains.delete(zone.zone);
    this.chains.set(zone.zone, { chain, until: this.clock.monotonicMs() + ageMs });
    if (this.chains.size > maxZones) this.chains.delete(this.chains.keys().next().value as OwnerName);
  }

  forget(zone: OwnerName): void {
    this.chains.delete(zone);
  }
}
