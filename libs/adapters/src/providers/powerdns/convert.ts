import { ownerName, recordSetKey, recordValue, sameValue, type Change, type RecordSet, type RecordSetKey, type RecordValue } from '@connect/domain';
import { readOrKept } from '../../base/index.js';
import type { RrsetAnswer } from './schema.js';

/** What a set holds beyond our view of it: the text of each value as the server gave it, and the records that are not served. */
export type NativeSet = { contents: Map<RecordValue, string>; disabled: string[] };
export type NativeSets = Map<RecordSetKey, NativeSet>;

export type RrsetPatch = { name: string; type: string; ttl: number; changetype: 'REPLACE'; records: { content: string; disabled: boolean }[] };

/** Their own types, which no zone file knows: read as they are, never written. */
const inventions: ReadonlySet<string> = new Set(['LUA', 'ENT']);

export function toRecordSets(rrsets: readonly RrsetAnswer[]): { recordSets: RecordSet[]; native: NativeSets } {
  const recordSets: RecordSet[] = [];
  const native: NativeSets = new Map();
  for (const rrset of rrsets) {
    const set = { ownerName: ownerName(rrset.name), type: rrset.type };
    const contents = new Map(rrset.records.filter((record) => !record.disabled).map((record) => [valueOf(rrset.type, record.content), record.content]));
    native.set(recordSetKey(set), { contents, disabled: rrset.records.filter((record) => record.disabled).map((record) => record.content) });
    // A set of disabled records only is not served: to the DNS it is not there.
    if (contents.size === 0) continue;
    recordSets.push({ ...set, ttlSeconds: rrset.ttl, values: [...contents.keys()], ...(inventions.has(rrset.type) ? { untouchable: 'server_side_record' } : {}) });
  }
  return { recordSets, native };
}

/**
 * REPLACE sets the whole set, so everything that stays is said again: kept values in the text in which they were read, and disabled
 * records. Comments stay because `comments` is left out; a set without records is deleted with them.
 */
export function toPatch(change: Change, native: NativeSet | undefined): RrsetPatch {
  const values = change.after?.values ?? [];
  const records = [
    ...values.map((value) => ({ content: contentOf(change, value, native), disabled: false })),
    ...(native?.disabled ?? []).map((content) => ({ content, disabled: true })),
  ];
  return { name: change.ownerName, type: change.type, ttl: change.after?.ttlSeconds ?? change.before?.ttlSeconds ?? 0, changetype: 'REPLACE', records };
}

function contentOf(change: Change, value: RecordValue, native: NativeSet | undefined): string {
  for (const [known, content] of native?.contents ?? []) {
    if (sameValue(change.type, known, value)) return content;
  }
  // 4.7 refuses quotes around parameters (422); the house always has them. Those that need them keep them.
  return change.type === 'HTTPS' || change.type === 'SVCB' ? value.replaceAll(/="([^"\\\s]+)"/g, '=$1') : value;
}

/** Data that the house's form does not fit is kept as the server gave it: one odd record does not spoil the zone. */
function valueOf(type: string, content: string): RecordValue {
  return readOrKept(content, () => recordValue(type, content));
}

/** Their zone ids are opaque and come in a URL path; `=2F` is theirs and must not be encoded again. */
export function pathOf(zoneId: string): string {
  return zoneId.split('').map((char) => (/[A-Za-z0-9._=-]/.test(char) ? char : encodeURIComponent(char))).join('');
}
