import { absoluteName, recordSetKey, recordValue, relativeName, sameValue, type Change, type OwnerName, type RecordSet, type RecordSetKey, type RecordValue } from '@connect/domain';
import { readOrKept, withAbsoluteTarget } from '../../base/index.js';
import type { RrsetAnswer } from './schema.js';

/** The text of each value as the server gave it: what stays is said again in its own words. */
export type NativeSets = Map<RecordSetKey, Map<RecordValue, string>>;

export type RrsetBody = { rrset_ttl: number; rrset_values: string[] };

const withTarget: ReadonlySet<string> = new Set(['ALIAS', 'CNAME', 'DNAME', 'MX', 'NS', 'PTR', 'SRV']);

export function toRecordSets(rrsets: readonly RrsetAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  const native: NativeSets = new Map();
  const recordSets = rrsets.map(({ rrset_name: name, rrset_type: type, rrset_ttl: ttlSeconds, rrset_values: values }): RecordSet => {
    const texts = new Map(values.map((text) => [valueOf(type, text, apex), text]));
    const set = { ownerName: ownerOf(name, apex), type, ttlSeconds, values: [...texts.keys()] };
    native.set(recordSetKey(set), texts);
    return set;
  });
  return { recordSets, native };
}

/** A set is written as a whole: kept values in the text in which they were read. */
export function toBody(change: Change, after: RecordSet, native: NativeSets): RrsetBody {
  const texts = native.get(recordSetKey(change)) ?? new Map<RecordValue, string>();
  return { rrset_ttl: after.ttlSeconds, rrset_values: after.values.map((value) => [...texts].find(([known]) => sameValue(change.type, known, value))?.[1] ?? value) };
}

/** Their name of an owner name, as it stands in a path. */
export function pathOf(name: OwnerName, apex: OwnerName): string {
  const relative = relativeName(name, apex);
  return encodeURIComponent(relative === '' ? '@' : relative);
}

function ownerOf(name: string, apex: OwnerName): OwnerName {
  return absoluteName(name === '@' ? '' : name, apex);
}

function valueOf(type: string, text: string, apex: OwnerName): RecordValue {
  return readOrKept(text, () => recordValue(type, withTarget.has(type) ? withAbsoluteTarget(text, apex) : text));
}
