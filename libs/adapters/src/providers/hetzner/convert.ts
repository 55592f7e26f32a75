import { absoluteName, recordSetKey, recordValue, relativeName, sameValue, valuesOf, type Change, type OwnerName, type RecordSet, type RecordSetKey, type RecordValue } from '@connect/domain';
import { readOrKept, withAbsoluteTarget } from '../../base/index.js';
import type { RrsetAnswer } from './schema.js';

/** The text of each value as it is stored: to remove a record, it has to be said literally. */
export type NativeSets = Map<RecordSetKey, Map<RecordValue, string>>;

type Records = { records: { value: string }[] };
/** The calls that carry out one change, in their order. */
export type Step =
  | { call: 'create'; body: { name: string; type: string; ttl: number } & Records }
  | { call: 'change_ttl'; body: { ttl: number } }
  | { call: 'add_records' | 'remove_records' | 'set_records'; body: Records };

/** https://docs.hetzner.cloud/reference/cloud#zone-rrset-actions: 1 to 50 records a call. */
const recordsPerCall = 50;
const withTarget: ReadonlySet<string> = new Set(['CNAME', 'MX', 'NS', 'PTR', 'SRV']);

export function toRecordSets(rrsets: readonly RrsetAnswer[], apex: OwnerName, defaultTtlSeconds: number): { recordSets: RecordSet[]; native: NativeSets } {
  const native: NativeSets = new Map();
  const recordSets = rrsets.filter(({ records }) => records.length > 0).map(({ name, type, ttl, records, protection }): RecordSet => {
    const texts = new Map(records.map(({ value }) => [valueOf(type, value, apex), value]));
    const set = { ownerName: absoluteName(name === '@' ? '' : name, apex), type, ttlSeconds: ttl ?? defaultTtlSeconds, values: [...texts.keys()] };
    native.set(recordSetKey(set), texts);
    return protection?.change === true ? { ...set, untouchable: 'protected' } : set;
  });
  return { recordSets, native };
}

/**
 * Values are added before others are removed, so that the set is never empty, and by their value, so that what somebody else adds meanwhile
 * stays. A CNAME has one value and is replaced as a whole: removed and added, its name would be gone for a moment.
 */
export function toSteps(change: Change, native: NativeSets, apex: OwnerName): Step[] {
  const { type, before, after } = change;
  const { added, removed } = valuesOf(change);
  const texts = native.get(recordSetKey(change)) ?? new Map<RecordValue, string>();
  const textOf = (value: RecordValue): string => [...texts].find(([known]) => sameValue(type, known, value))?.[1] ?? value;
  const portions = (values: readonly RecordValue[]): Records[] => Array.from({ length: Math.ceil(values.length / recordsPerCall) }, (_, at) => ({ records: values.slice(at * recordsPerCall, (at + 1) * recordsPerCall).map((value) => ({ value: textOf(value) })) }));
  const adding = portions(added).map((body): Step => ({ call: 'add_records', body }));
  const removing = portions(removed).map((body): Step => ({ call: 'remove_records', body }));
  if (after === null) return removing;
  if (before === null) {
    const [first = { records: [] }] = portions(added);
    return [{ call: 'create', body: { name: nameOf(change.ownerName, apex), type, ttl: after.ttlSeconds, ...first } }, ...adding.slice(1)];
  }
  const retime: Step[] = after.ttlSeconds === before.ttlSeconds ? [] : [{ call: 'change_ttl', body: { ttl: after.ttlSeconds } }];
  if (type === 'CNAME' && added.length > 0) return [...retime, { call: 'set_records', body: { records: added.map((value) => ({ value })) } }];
  return [...retime, ...adding, ...removing];
}

/** Their name of an owner name: relative, `@` for the apex. */
export function nameOf(name: OwnerName, apex: OwnerName): string {
  const relative = relativeName(name, apex);
  return relative === '' ? '@' : relative;
}

function valueOf(type: string, text: string, apex: OwnerName): RecordValue {
  return readOrKept(text, () => recordValue(type, withTarget.has(type) ? withAbsoluteTarget(text, apex) : text));
}
