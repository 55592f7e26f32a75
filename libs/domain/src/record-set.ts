import type { OwnerName } from './names.js';
import { sameValue, valueKey, type RecordType, type RecordValue } from './record-data.js';

/** All records of one name and type (RFC 9499). Values are a set: order does not matter, none occurs twice. */
export type RecordSet = {
  ownerName: OwnerName;
  type: RecordType;
  ttlSeconds: number;
  values: RecordValue[];
  /**
   * Why the set may be read but never rewritten by value, in one word: what the provider's API attaches to it cannot be carried
   * over (Route 53 alias or routing policy, a hidden row, a managed record). Such a set is foreign as a whole, unless `untouchableValues` says otherwise.
   */
  untouchable?: string;
  /** Where the API names single records: the values that `untouchable` is about. The others of the set come and go. */
  untouchableValues?: RecordValue[];
  /** Cloudflare: the records of the set stand behind the provider's proxy; what the DNS shows are the proxy's addresses. */
  proxied?: boolean;
};

export type RecordSetKey = `${OwnerName} ${RecordType}`;

export function recordSetKey(set: { ownerName: OwnerName; type: RecordType }): RecordSetKey {
  return `${set.ownerName} ${set.type}`;
}

/** One record set before and after. `before: null` creates, `after: null` deletes the whole set. */
export type Change = {
  ownerName: OwnerName;
  type: RecordType;
  before: RecordSet | null;
  after: RecordSet | null;
};

/** The values a change adds, removes and keeps, compared by {@link valueKey}. */
export function valuesOf(change: Change): { added: RecordValue[]; removed: RecordValue[]; kept: RecordValue[] } {
  const { type } = change;
  const before = change.before?.values ?? [];
  const after = change.after?.values ?? [];
  const removed = without(type, before, after);
  return { added: without(type, after, before), removed, kept: without(type, before, removed) };
}

/** Why a change cannot be written, in the word of the set: it would touch what may only be read, or set it where it is gone. `null`: it does not. */
export function untouchableIn({ type, before, after }: Change): string | null {
  if (before === null) return after?.untouchable ?? null;
  if (before.untouchable === undefined) return null;
  const { untouchableValues: fixed } = before;
  const staysAsItIs = fixed !== undefined && after?.ttlSeconds === before.ttlSeconds && without(type, fixed, after.values).length === 0;
  return staysAsItIs ? null : before.untouchable;
}

export function without(type: RecordType, values: RecordValue[], taken: RecordValue[]): RecordValue[] {
  const keys = new Set(taken.map((value) => valueKey(type, value)));
  return values.filter((value) => !keys.has(valueKey(type, value)));
}

/** Same values and TTL? Order and the splitting of TXT strings do not matter. */
export function sameRecordSet(a: RecordSet | null, b: RecordSet | null): boolean {
  if (a === null || b === null) return a === b;
  return a.type === b.type && a.ownerName === b.ownerName && a.ttlSeconds === b.ttlSeconds && sameValues(a, b);
}

export function sameValues(a: RecordSet, b: RecordSet): boolean {
  return without(a.type, a.values, b.values).length === 0 && without(a.type, b.values, a.values).length === 0;
}

/** Merges records read one by one into sets; the smallest TTL of a set wins, a value given twice counts once. */
export function groupRecords(records: Iterable<{ ownerName: OwnerName; type: RecordType; ttlSeconds: number; value: RecordValue }>): RecordSet[] {
  const sets = new Map<RecordSetKey, RecordSet>();
  for (const record of records) {
    const key = recordSetKey(record);
    const set = sets.get(key);
    if (set === undefined) {
      sets.set(key, { ownerName: record.ownerName, type: record.type, ttlSeconds: record.ttlSeconds, values: [record.value] });
      continue;
    }
    set.ttlSeconds = Math.min(set.ttlSeconds, record.ttlSeconds);
    if (!set.values.some((value) => sameValue(record.type, value, record.value))) set.values.push(record.value);
  }
  return [...sets.values()];
}
