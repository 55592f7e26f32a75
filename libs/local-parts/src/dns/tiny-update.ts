import type { DnsRecord, Prerequisite, Rcode, UpdateMessage, UpdateOperation } from '@connect/dns-client';
import { sameValue } from '@connect/domain';
import type { TinyZone } from './tiny-zone.js';
import { isInside } from './zone-text.js';

/** Does what an UPDATE asks for, wholly or not at all (RFC 2136 part 3), and returns the rcode. */
export function applyUpdate(zone: TinyZone, update: UpdateMessage): Rcode {
  if ([...update.prerequisites, ...update.updates].some((part) => !isInside(part.ownerName, zone.name))) return 'NOTZONE';
  for (const prerequisite of update.prerequisites) {
    const refusal = refusalOf(zone, prerequisite);
    if (refusal !== undefined) return refusal;
  }
  const before = zone.records();
  const after = update.updates.reduce((records, operation) => changed(records, operation, zone.name), before);
  if (!isSame(before, after)) zone.replace(after);
  return 'NOERROR';
}

/** RFC 2136 3.2. */
function refusalOf(zone: TinyZone, prerequisite: Prerequisite): Rcode | undefined {
  const isNameUsed = zone.at(prerequisite.ownerName).length > 0;
  switch (prerequisite.kind) {
    case 'name_in_use':
      return isNameUsed ? undefined : 'NXDOMAIN';
    case 'name_not_in_use':
      return isNameUsed ? 'YXDOMAIN' : undefined;
    case 'set_exists':
      return zone.at(prerequisite.ownerName, prerequisite.type).length > 0 ? undefined : 'NXRRSET';
    case 'set_absent':
      return zone.at(prerequisite.ownerName, prerequisite.type).length > 0 ? 'YXRRSET' : undefined;
    case 'set_equals': {
      const { type, values } = prerequisite;
      const seen = zone.at(prerequisite.ownerName, type).map((record) => record.value);
      const isEqual = seen.length === values.length && values.every((value) => seen.some((other) => sameValue(type, value, other)));
      return isEqual ? undefined : 'NXRRSET';
    }
  }
}

/** RFC 2136 3.4.2: what may not be is left undone without a word, as the standard wants it. */
function changed(records: readonly DnsRecord[], operation: UpdateOperation, apex: string): readonly DnsRecord[] {
  const isAt = (record: DnsRecord): boolean => record.ownerName === operation.ownerName;
  const isGuarded = (record: DnsRecord): boolean => record.ownerName === apex && (record.type === 'SOA' || record.type === 'NS');
  switch (operation.kind) {
    case 'add':
      return added(records, operation);
    case 'delete_name':
      return records.filter((record) => !isAt(record) || isGuarded(record));
    case 'delete_set':
      return records.filter((record) => !isAt(record) || record.type !== operation.type || isGuarded(record));
    case 'delete_value': {
      const isOnlyNameServer = operation.type === 'NS' && operation.ownerName === apex && records.filter((record) => isAt(record) && record.type === 'NS').length === 1;
      if (operation.type === 'SOA' || isOnlyNameServer) return records;
      return records.filter((record) => !isAt(record) || record.type !== operation.type || !sameValue(record.type, record.value, operation.value));
    }
  }
}

function added(records: readonly DnsRecord[], { ownerName, type, ttlSeconds, value }: DnsRecord): readonly DnsRecord[] {
  const neighbours = records.filter((record) => record.ownerName === ownerName);
  const hasAlias = neighbours.some((record) => record.type === 'CNAME');
  const isRefused = type === 'SOA' || (type === 'CNAME' ? neighbours.some((record) => record.type !== 'CNAME') : hasAlias);
  if (isRefused) return records;
  const others = records.filter((record) => record.ownerName !== ownerName || record.type !== type || (type !== 'CNAME' && !sameValue(type, record.value, value)));
  // One TTL for a set (RFC 2181 5.2): the newest wins.
  const aligned = others.map((record) => (record.ownerName === ownerName && record.type === type ? { ...record, ttlSeconds } : record));
  return [...aligned, { ownerName, type, ttlSeconds, value }];
}

function isSame(before: readonly DnsRecord[], after: readonly DnsRecord[]): boolean {
  const key = (records: readonly DnsRecord[]): string => records.map((record) => JSON.stringify([record.ownerName, record.type, record.ttlSeconds, record.value])).sort().join('\n');
  return key(before) === key(after);
}
