import { ProviderError, ownerName, recordSetKey, recordValue, valueKey, valuesOf, type Change, type RecordSet, type RecordSetKey, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept } from '../../base/index.js';
import type { Rrset } from './schema.js';

export type TheirSet = { name: string; type: RecordType; ttl: number; rrdatas: string[] };
/** Sets as they are held: a deletion has to say exactly this, and values that stay are said again in the same words. */
export type NativeSets = Map<RecordSetKey, TheirSet>;
export type TheirChange = { additions: TheirSet[]; deletions: TheirSet[] };

/** Names and data come as in a zone file (RFC 1035 5.1), absolute, with decimal escapes: nearly the house's own form. */
export function toRecordSets(rrsets: readonly Rrset[]): { recordSets: RecordSet[]; native: NativeSets } {
  const native: NativeSets = new Map();
  // Pages are no snapshot: what was seen twice counts as seen last.
  const recordSets = new Map<RecordSetKey, RecordSet>();
  for (const { name, type, ttl = 0, rrdatas, routingPolicy } of rrsets) {
    const set: RecordSet = { ownerName: ownerName(name), type, ttlSeconds: ttl, values: [...new Set(rrdatas.map((raw) => fromTheirValue(type, raw)))] };
    const key = recordSetKey(set);
    if (routingPolicy === undefined || routingPolicy === null) {
      recordSets.set(key, set);
      native.set(key, { name, type, ttl, rrdatas });
    } else {
      // Weights, places and health checks cannot be said in values, so such a set is seen and never written.
      recordSets.set(key, { ...set, values: [...new Set([...set.values, ...rrdatasWithin(routingPolicy).map((raw) => fromTheirValue(type, raw))])], untouchable: 'routing_policy' });
      native.delete(key);
    }
  }
  return { recordSets: [...recordSets.values()], native };
}

/**
 * Compare-and-swap: each set that was read is deleted exactly as it was read, and added as it shall be. A deletion that does not fit, and an addition
 * of a set that is there, make them refuse the change as a whole. Throws `zone_changed`.
 */
export function toTheirChange(changes: readonly Change[], native: NativeSets): TheirChange {
  const parts = changes.map((change) => setsOf(change, native));
  return { additions: parts.flatMap(({ addition }) => addition ?? []), deletions: parts.flatMap(({ deletion }) => deletion ?? []) };
}

function setsOf(change: Change, native: NativeSets): { addition: TheirSet | null; deletion: TheirSet | null } {
  const { ownerName: name, type, before, after } = change;
  const present = native.get(recordSetKey(change)) ?? null;
  if (before !== null && present === null) throw new ProviderError('zone_changed', { detail: `the ${type} set at ${name} was not read as a plain one` });
  const deletion = before === null ? null : present;
  if (after === null) return { addition: null, deletion };
  const staying = new Set(after.values.map((value) => valueKey(type, value)));
  const kept = (deletion?.rrdatas ?? []).filter((raw) => staying.has(valueKey(type, fromTheirValue(type, raw))));
  return { addition: { name: present?.name ?? name, type, ttl: after.ttlSeconds, rrdatas: [...kept, ...valuesOf(change).added] }, deletion };
}

/** Octets of record data in one call, as they count them. https://cloud.google.com/dns/quotas, verified 2026-11. */
export function sizeOf({ additions, deletions }: TheirChange): number {
  return [...additions, ...deletions].flatMap(({ rrdatas }) => rrdatas).reduce((size, raw) => size + Buffer.byteLength(raw), 0);
}

function fromTheirValue(type: RecordType, raw: string): RecordValue {
  return readOrKept(raw, () => recordValue(type, raw));
}

/** All record data somewhere inside a policy, whatever its kind: to be shown, not to be written. */
function rrdatasWithin(policy: unknown): string[] {
  if (typeof policy !== 'object' || policy === null) return [];
  return Object.entries(policy).flatMap(([member, content]: [string, unknown]) =>
    member === 'rrdatas' && Array.isArray(content) ? content.filter((each): each is string => typeof each === 'string') : rrdatasWithin(content));
}
