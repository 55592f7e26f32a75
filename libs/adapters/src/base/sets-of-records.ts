import { groupRecords, isConnectError, recordSetKey, type OwnerName, type RecordSet, type RecordSetKey, type RecordType, type RecordValue } from '@connect/domain';
import type { NativeRecord } from './record-operations.js';

/** The records of each set with what names them at the provider; one value may stand there twice where creates are never refused as copies. */
export type RecordsBySet<Native> = Map<RecordSetKey, NativeRecord<Native>[]>;
/** `marks`: what a record says of its set. One that is untouchable says it of its own value only: these APIs write record by record. */
export type ReadRecord<Native> = NativeRecord<Native> & { ownerName: OwnerName; type: RecordType; marks?: Pick<RecordSet, 'proxied' | 'untouchable'> };

/** Record sets of what an API gives record by record. */
export function setsOfRecords<Native>(records: readonly ReadRecord<Native>[]): { recordSets: RecordSet[]; native: RecordsBySet<Native> } {
  const bySet: RecordsBySet<Native> = new Map();
  const marksOf = new Map<RecordSetKey, Pick<RecordSet, 'proxied' | 'untouchable' | 'untouchableValues'>>();
  for (const { value, ttlSeconds, native, marks, ...set } of records) {
    const key = recordSetKey(set);
    const known = marksOf.get(key);
    marksOf.set(key, { ...known, ...marks, ...(marks?.untouchable === undefined ? {} : { untouchableValues: [...(known?.untouchableValues ?? []), value] }) });
    const others = bySet.get(key);
    if (others === undefined) bySet.set(key, [{ value, ttlSeconds, native }]);
    else others.push({ value, ttlSeconds, native });
  }
  return { recordSets: groupRecords(records).map((set) => ({ ...set, ...marksOf.get(recordSetKey(set)) })), native: bySet };
}

/** Data that our form does not fit is kept as they gave it: one odd record does not spoil the zone. */
export function readOrKept(asGiven: string, read: () => RecordValue): RecordValue {
  try {
    return read();
  } catch (error) {
    if (isConnectError(error)) return asGiven;
    throw error;
  }
}
