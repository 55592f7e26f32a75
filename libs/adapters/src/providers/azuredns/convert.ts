import { ProviderError, displayName, isConnectError, ownerName, recordSetKey, recordValue, valueKey, type Change, type OwnerName, type RecordSet, type RecordSetKey, type RecordType, type RecordValue } from '@connect/domain';
import { isRecord, memberOf, recordShapes, type RecordShape, type TheirRecord } from './record-shapes.js';
import type { SetAnswer } from './schema.js';

export type SetAddress = { type: RecordType; /** Relative to the zone, `@` at the apex. */ name: string };
export type TheirSet = { properties: TheirRecord };
/** Sets as they are held: with the ETag that a write rests on, and everything that has to go back with it. */
export type NativeSet = SetAddress & { etag: string; properties: TheirRecord };
export type NativeSets = Map<RecordSetKey, NativeSet>;

/** Names come relative; `@` is the apex. A set without records is nothing to a resolver and in the way of a new one all the same, so it is in `native` only. */
export function toRecordSets(sets: readonly SetAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  const native: NativeSets = new Map();
  // Pages are no snapshot: what was seen twice counts as seen last.
  const recordSets = new Map<RecordSetKey, RecordSet>();
  for (const { name, type: resource, etag, properties } of sets) {
    const type = resource.slice(resource.lastIndexOf('/') + 1).toUpperCase();
    const set: RecordSet = { ownerName: name === '@' ? apex : ownerName(`${name}.${apex}`), type, ttlSeconds: ttlOf(properties), values: [...new Set(recordsIn(type, properties).map((record) => valueOf(type, record)))] };
    const key = recordSetKey(set);
    const reason = untouchable(properties);
    native.set(key, { type, name, etag, properties });
    if (reason !== null) recordSets.set(key, { ...set, untouchable: reason });
    else if (set.values.length > 0) recordSets.set(key, set);
    else recordSets.delete(key);
  }
  return { recordSets: [...recordSets.values()], native };
}

/** Where a set is written that was not there before. */
export function addressOf({ ownerName: name, type }: Pick<Change, 'ownerName' | 'type'>, apex: OwnerName): SetAddress {
  return { type, name: name === apex ? '@' : displayName(name).slice(0, -displayName(apex).length - 1) };
}

/**
 * The whole set after the change, since a write replaces it: metadata and whatever else the set has go back as they were read, and values that stay are
 * said in their own words. Throws `zone_changed` if the set that is changed was not read.
 */
export function toTheirSet(change: Change, present: NativeSet | null): TheirSet {
  const { type, before, after } = change;
  const shape = recordShapes[type];
  if (shape === undefined || after === null) throw new ProviderError('unsupported', { detail: `${type} records` });
  if (before !== null && present === null) throw new ProviderError('zone_changed', { detail: `the ${type} set at ${change.ownerName} was not read` });
  const staying = new Set(after.values.map((value) => valueKey(type, value)));
  const held = present === null ? [] : recordsIn(type, present.properties);
  const kept = held.filter((record) => staying.has(valueKey(type, valueOf(type, record))));
  const there = new Set(kept.map((record) => valueKey(type, valueOf(type, record))));
  const added = after.values.filter((value) => !there.has(valueKey(type, value))).map((value) => shape.make(value.split(' '), value));
  return { properties: { ...carriedOver(present?.properties ?? {}, shape), TTL: after.ttlSeconds, [shape.member]: shape.isSingle ? [...kept, ...added][0] : [...kept, ...added] } };
}

/** A set as it was, to be put back. */
export function asItWas({ type, properties }: NativeSet): TheirSet {
  const shape = recordShapes[type]!;
  const records = recordsIn(type, properties);
  return { properties: { ...carriedOver(properties, shape), TTL: ttlOf(properties), [shape.member]: shape.isSingle ? records[0] : records } };
}

/** Why a set is somebody else's as a whole: its records are those of a resource in Azure. https://learn.microsoft.com/azure/dns/dns-alias, verified 2026-11. */
function untouchable(properties: TheirRecord): string | null {
  const isSet = (member: string): boolean => {
    const target = memberOf(properties, member);
    const id = isRecord(target) ? memberOf(target, 'id') : undefined;
    return typeof id === 'string' && id !== '';
  };
  if (isSet('targetResource')) return 'alias';
  return isSet('trafficManagementProfile') ? 'traffic_manager' : null;
}

/** Without what is said anew, what only the server says, and what is empty. */
function carriedOver(properties: TheirRecord, { member }: RecordShape): TheirRecord {
  const ours = ['ttl', member.toLowerCase(), 'fqdn', 'provisioningstate'];
  const isEmpty = (value: unknown): boolean => value === null || (isRecord(value) && Object.keys(value).length === 0) || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(properties).filter(([name, value]) => !ours.includes(name.toLowerCase()) && !isEmpty(value)));
}

function ttlOf(properties: TheirRecord): number {
  const ttl = Number(memberOf(properties, 'TTL') ?? 0);
  return Number.isInteger(ttl) && ttl >= 0 ? ttl : 0;
}

function recordsIn(type: RecordType, properties: TheirRecord): TheirRecord[] {
  const shape = recordShapes[type];
  const content = memberOf(properties, shape?.member ?? `${type}Records`);
  return (Array.isArray(content) ? content : [content]).filter(isRecord);
}

/** Data that our form does not fit is kept as they gave it: one odd record does not spoil the zone. */
function valueOf(type: RecordType, record: TheirRecord): RecordValue {
  const text = recordShapes[type]?.read((name) => String(memberOf(record, name) ?? ''), record) ?? JSON.stringify(record);
  try {
    return recordValue(type, text);
  } catch (error) {
    if (isConnectError(error)) return text;
    throw error;
  }
}
