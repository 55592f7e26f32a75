import { absoluteName, recordSetKey, recordValue, relativeName, sameValue, valuesOf, type Change, type OwnerName, type RecordSet, type RecordSetKey, type RecordValue } from '@connect/domain';
import { readOrKept } from '../../base/index.js';
import type { RrsetAnswer } from './schema.js';

/** The text of each value as the server gave it: what stays is said again in its own words. */
export type NativeSets = Map<RecordSetKey, Map<RecordValue, string>>;

/** Fields that are left out stay as they are; `records: []` deletes the set. */
export type RrsetItem = { subname: string; type: string; ttl?: number; records?: string[] };

export function toRecordSets(rrsets: readonly RrsetAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  const native: NativeSets = new Map();
  const recordSets = rrsets.map(({ subname, type, ttl, records }): RecordSet => {
    const texts = new Map(records.map((text) => [valueOf(type, text), text]));
    const set = { ownerName: absoluteName(subname, apex), type, ttlSeconds: ttl, values: [...texts.keys()] };
    native.set(recordSetKey(set), texts);
    return set;
  });
  return { recordSets, native };
}

/**
 * The least that says a change. An unchanged TTL is left out, since one below today's minimum may stay but not be written; unchanged values
 * are left out, so that a value which somebody adds meanwhile survives a change of the TTL.
 */
export function toItem(change: Change, native: NativeSets, apex: OwnerName): RrsetItem {
  const { ownerName, type, before, after } = change;
  const key = { subname: relativeName(ownerName, apex), type };
  if (after === null) return { ...key, records: [] };
  const { added, removed } = valuesOf(change);
  const texts = native.get(recordSetKey(change));
  return {
    ...key,
    ...(after.ttlSeconds === before?.ttlSeconds ? {} : { ttl: after.ttlSeconds }),
    ...(before !== null && added.length + removed.length === 0 ? {} : { records: after.values.map((value) => textOf(type, value, texts)) }),
  };
}

function textOf(type: string, value: RecordValue, texts: ReadonlyMap<RecordValue, string> = new Map()): string {
  for (const [known, text] of texts) {
    if (sameValue(type, known, value)) return text;
  }
  return value;
}

/** Data that the house's form does not fit is kept as the server gave it: one odd record does not spoil the zone. */
function valueOf(type: string, text: string): RecordValue {
  return readOrKept(text, () => recordValue(type, text));
}
