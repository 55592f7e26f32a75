import { groupRecords, valuesOf, type Change, type RecordSet } from '@connect/domain';
import type { DnsRecord, Prerequisite, UpdateOperation } from '../../spi/index.js';
import { typesBesideNoCname } from './schema.js';

/** Made by the server's own signing; they change without anybody's doing. */
const ofSigning: ReadonlySet<string> = new Set(['RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY', 'CDS', 'CDNSKEY', 'TYPE65534']);

export function toRecordSets(records: readonly DnsRecord[]): RecordSet[] {
  return groupRecords(records.filter(({ type }) => !ofSigning.has(type)));
}

/**
 * One message: the server applies all of it or nothing, and only if each set is still what it was when it was read (compare-and-swap).
 * `existing` are the sets of the reading.
 */
export function toUpdate(changes: readonly Change[], existing: readonly RecordSet[]): { prerequisites: Prerequisite[]; operations: UpdateOperation[] } {
  const guards = changes.flatMap((change) => [unmoved(change), ...roomFor(change, changes, existing)]);
  return { prerequisites: distinct(guards), operations: changes.flatMap(toOperations) };
}

function unmoved({ ownerName, type, before }: Change): Prerequisite {
  return before === null ? { kind: 'set_absent', ownerName, type } : { kind: 'set_equals', ownerName, type, values: before.values };
}

/** BIND and Knot answer NOERROR to data beside a CNAME and do nothing; a prerequisite makes them say so. */
function roomFor({ ownerName, type, after }: Change, changes: readonly Change[], existing: readonly RecordSet[]): Prerequisite[] {
  if (after === null) return [];
  const named = new Set(changes.filter((change) => change.ownerName === ownerName).map((change) => change.type));
  const absent = (other: string): Prerequisite => ({ kind: 'set_absent', ownerName, type: other });
  if (type !== 'CNAME') return named.has('CNAME') ? [] : [absent('CNAME')];
  const present = existing.filter((set) => set.ownerName === ownerName);
  if (present.length === 0) return [{ kind: 'name_not_in_use', ownerName }];
  return typesBesideNoCname.filter((other) => !named.has(other)).map(absent);
}

function toOperations(change: Change): UpdateOperation[] {
  const { ownerName, type, before, after } = change;
  const set = { ownerName, type };
  if (after === null) return [{ kind: 'delete_set', ...set }];
  const add = (value: string): UpdateOperation => ({ kind: 'add', ...set, ttlSeconds: after.ttlSeconds, value });
  // Knot ignores a known record with another TTL, so a new TTL is a new set, in the same message.
  if (before !== null && before.ttlSeconds !== after.ttlSeconds) return [{ kind: 'delete_set', ...set }, ...after.values.map(add)];
  const { added, removed } = valuesOf(change);
  return [...removed.map((value): UpdateOperation => ({ kind: 'delete_value', ...set, value })), ...added.map(add)];
}

function distinct(guards: readonly Prerequisite[]): Prerequisite[] {
  const byText = new Map(guards.map((guard) => [JSON.stringify(guard), guard]));
  return [...byText.values()];
}
