import type { OwnerName, RecordSet } from '@connect/domain';
import type { PlanCapabilities } from './plan.js';

/**
 * An apex holds SOA and NS, so it cannot hold a CNAME (RFC 1034 3.6.2); providers offer other ways to follow a name there, and the wish takes that form. TTLs are those
 * that the provider will keep: a plan for 60 s where 300 is the least would never become empty.
 */
export function asServed(set: RecordSet, apex: OwnerName, capabilities: PlanCapabilities): RecordSet {
  const becomesAlias = set.ownerName === apex && set.type === 'CNAME' && (capabilities.apexAlias === 'alias_record' || capabilities.apexAlias === 'provider_alias');
  return { ...set, type: becomesAlias ? 'ALIAS' : set.type, ttlSeconds: capabilities.keptTtl(set.ttlSeconds) };
}
