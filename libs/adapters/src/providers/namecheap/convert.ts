import { ProviderError, absoluteName, groupRecords, recordSetKey, recordValue, relativeName, txtBytes, txtValue, valueKey, valuesOf, type Change, type OwnerName, type RecordSet, type RecordValue } from '@connect/domain';
import { composeRows, readOrKept, type Row, type RowMaker } from '../../base/index.js';
import { namecheapDescriptor } from './descriptor.js';
import type { HostRow, SrvRow } from './schema.js';

/** The whole zone, as it was read: nothing less may ever be written back. */
export type HostList = { emailType: string; hosts: HostRow[] };

/** Types that the API takes and that are no DNS records: redirects and the mail address of the domain. Read, echoed, never changed. */
const inventions: ReadonlySet<string> = new Set(['MXE', 'URL', 'URL301', 'FRAME']);
const recordTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'MX', 'NS', 'TXT']);
const emailTypes: ReadonlySet<string> = new Set(['NONE', 'MX', 'MXE', 'FWD', 'OX', 'GMAIL']);
/** Mail that Namecheap itself runs: MX rows of the zone belong to it, and a change of them ends it. go-namecheap-sdk issue 162. */
const managedMail: ReadonlySet<string> = new Set(['MXE', 'FWD', 'OX', 'GMAIL']);

export function toRows({ hosts }: HostList, apex: OwnerName): Row<HostRow>[] {
  return hosts.map((host) => ({ set: { ownerName: nameOf(host, apex), type: host.Type }, value: valueOf(host), native: host }));
}

export function toRecordSets(list: HostList, apex: OwnerName): RecordSet[] {
  const sets = groupRecords(toRows(list, apex).map(({ set, value, native }) => ({ ...set!, ttlSeconds: ttlOf(native), value })));
  return sets.map((set) => {
    if (!recordTypes.has(set.type)) return { ...set, untouchable: 'console_record' };
    return set.type === 'MX' && managedMail.has(list.emailType) ? { ...set, untouchable: 'managed_mail' } : set;
  });
}

/** Records that no host list shows or takes. Their TTL is not told; the console's is "automatic". */
export function toHiddenSets(rows: readonly SrvRow[], apex: OwnerName): RecordSet[] {
  const records = rows.map(({ Service, Protocol, Priority, Weight, Port, Target }) => {
    const text = `${Priority} ${Weight} ${Port} ${Target}`;
    return { ownerName: absoluteName(`${Service}.${Protocol}`.toLowerCase(), apex), type: 'SRV', ttlSeconds: 1_800, value: readOrKept(text, () => recordValue('SRV', text)) };
  });
  return groupRecords(records).map((set) => ({ ...set, untouchable: 'hidden_row' }));
}

/**
 * Why this zone may not be written at all, `null`: it may. setHosts deletes whatever it is not told of, so what it cannot be told
 * stands in the way.
 */
export function obstacleOf({ emailType, hosts }: HostList): string | null {
  if (!emailTypes.has(emailType)) return 'the mail setting of the zone is one that we do not know, and a write would reset it';
  const odd = hosts.find(({ Type }) => !recordTypes.has(Type) && !inventions.has(Type));
  if (odd !== undefined) return 'the zone has a record of a type that setHosts may not take, and a write would lose it';
  if (hosts.some(({ IsDDNSEnabled }) => IsDDNSEnabled)) return 'a host of the zone has dynamic DNS, which a write through this API would switch off';
  if (hosts.some(({ IsActive }) => !IsActive)) return 'a host of the zone is switched off, and a write through this API would switch it on';
  return null;
}

/** A new MX where Namecheap runs the mail of the zone would end that mail. */
export function mailConflict(change: Change, { emailType }: HostList): string | null {
  return change.type === 'MX' && managedMail.has(emailType) ? `the mail of the zone is set to ${emailType} at Namecheap, and an MX record would end it` : null;
}

/** The whole list after the changes, with the mail setting that it needs. */
export function compose(list: HostList, changes: readonly Change[], apex: OwnerName): HostList {
  const hosts = composeRows(toRows(list, apex), changes, rowMaker(apex));
  return { emailType: emailTypeOf(list, changes, hosts), hosts };
}

/**
 * The changes without the MX values that only get another preference: a write that changes the preference of a row was seen to have no
 * effect (DNSControl issues 2277, 4637), so such rows are removed first and added by a second write. `null`: there are none.
 */
export function withoutRepreferred(changes: readonly Change[]): Change[] | null {
  let found = false;
  const first = changes.map((change) => {
    if (change.type !== 'MX' || change.after === null) return change;
    const { added, removed } = valuesOf(change);
    const exchanges = new Set(removed.map(exchangeOf));
    const values = change.after.values.filter((value) => !(added.includes(value) && exchanges.has(exchangeOf(value))));
    if (values.length === change.after.values.length) return change;
    found = true;
    return { ...change, after: values.length === 0 ? null : { ...change.after, values } };
  });
  return found ? first : null;
}

/** Numbered from 1 without a gap: they stop reading at the first one. */
export function toFields({ emailType, hosts }: HostList): Record<string, string> {
  const fields: Record<string, string> = { EmailType: emailType };
  for (const [index, host] of hosts.entries()) {
    const n = index + 1;
    fields[`HostName${n}`] = host.Name;
    fields[`RecordType${n}`] = host.Type;
    fields[`Address${n}`] = host.Address;
    fields[`MXPref${n}`] = host.MXPref;
    fields[`TTL${n}`] = host.TTL;
  }
  return fields;
}

function emailTypeOf(list: HostList, changes: readonly Change[], hosts: readonly HostRow[]): string {
  if (!changes.some(({ type }) => type === 'MX') || managedMail.has(list.emailType)) return list.emailType;
  return hosts.some(({ Type }) => Type === 'MX') ? 'MX' : 'NONE';
}

function rowMaker(apex: OwnerName): RowMaker<HostRow> {
  return {
    make: (set, value) => ({ Name: relativeName(set.ownerName, apex) || '@', Type: set.type, ...dataOf(set.type, value), TTL: String(set.ttlSeconds), IsActive: true, IsDDNSEnabled: false }),
    retime: ({ native }, ttlSeconds) => ({ ...native, TTL: String(ttlSeconds) }),
  };
}

/** Host names go with their final dot, text without quotes. */
function dataOf(type: string, value: RecordValue): { Address: string; MXPref: string } {
  if (type === 'MX') return { Address: exchangeOf(value), MXPref: value.split(' ')[0]! };
  return { Address: type === 'TXT' ? txtBytes(value).toString('utf8') : value, MXPref: '10' };
}

/** One odd row does not spoil the zone: it is kept as it was given. */
function valueOf(host: HostRow): RecordValue {
  const { Type, Address, MXPref } = host;
  return readOrKept(Address, () => {
    if (Type === 'TXT') return txtValue(Address);
    return recordValue(Type, Type === 'MX' ? `${MXPref} ${Address}` : Address);
  });
}

/** MXE comes back with the full domain in place of `@` (go-namecheap-sdk fixtures). */
function nameOf({ Name, Type }: HostRow, apex: OwnerName): OwnerName {
  if (Name === '@' || (Type === 'MXE' && `${Name.toLowerCase()}.` === apex)) return apex;
  return absoluteName(Name.toLowerCase(), apex);
}

function ttlOf({ TTL }: HostRow): number {
  const ttlSeconds = Number(TTL);
  return namecheapDescriptor.capabilities.ttl.readAs?.[ttlSeconds] ?? ttlSeconds;
}

function exchangeOf(value: RecordValue): string {
  return value.slice(value.indexOf(' ') + 1);
}

/** Does a list show what was written? What others did to other rows meanwhile does not matter here. */
export function isShown(changes: readonly Change[], emailType: string, list: HostList, apex: OwnerName): boolean {
  const rows = toRows(list, apex);
  const present = new Set(rows.map(({ set, value }) => `${recordSetKey(set!)} ${valueKey(set!.type, value)}`));
  const has = (change: Change) => (value: RecordValue) => present.has(`${recordSetKey(change)} ${valueKey(change.type, value)}`);
  const isTimed = ({ ownerName, type, before, after }: Change): boolean =>
    after === null || after.ttlSeconds === before?.ttlSeconds || rows.every(({ set, native }) => set!.ownerName !== ownerName || set!.type !== type || ttlOf(native) === after.ttlSeconds);
  return list.emailType === emailType && changes.every((change) => (change.after?.values ?? []).every(has(change)) && !valuesOf(change).removed.some(has(change)) && isTimed(change));
}

/** What we made of a list, checked before it leaves: every row that no change names is in it, and no row twice that was there once. */
export function assertNothingLost(before: HostList, after: HostList, changes: readonly Change[], apex: OwnerName): void {
  const named = new Set(changes.flatMap((change) => valuesOf(change).removed.map((value) => `${recordSetKey(change)} ${valueKey(change.type, value)}`)));
  const count = (rows: readonly Row<HostRow>[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { set, value } of rows) {
      const key = `${recordSetKey(set!)} ${valueKey(set!.type, value)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  const kept = count(toRows(after, apex));
  for (const [key, rows] of count(toRows(before, apex))) {
    if (!named.has(key) && kept.get(key) !== rows) throw new ProviderError('provider_protocol', { detail: 'a row that no change names would be lost: nothing was sent' });
  }
}
