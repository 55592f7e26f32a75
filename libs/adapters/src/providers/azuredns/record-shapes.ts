import { quoted, txtStrings, txtText, type RecordType, type RecordValue } from '@connect/domain';

export type TheirRecord = Readonly<Record<string, unknown>>;

/**
 * How the records of a type stand in `properties`: under which member (its case matters in a write), as a list or as one object, and their presentation form.
 * https://learn.microsoft.com/rest/api/dns/record-sets/create-or-update, verified 2026-11.
 */
export type RecordShape = { member: string; isSingle?: true; read(field: (name: string) => string, record: TheirRecord): string; make(fields: readonly string[], value: RecordValue): TheirRecord };

const targetOf = (member: string, field: string, more: { isSingle?: true } = {}): RecordShape => ({ member, ...more, read: (of) => of(field), make: ([target]) => ({ [field]: target }) });

/** Types that are missing here come through their preview version only, and are shown as they are. */
export const recordShapes: Readonly<Record<RecordType, RecordShape>> = {
  A: targetOf('ARecords', 'ipv4Address'),
  AAAA: targetOf('AAAARecords', 'ipv6Address'),
  CNAME: targetOf('CNAMERecord', 'cname', { isSingle: true }),
  NS: targetOf('NSRecords', 'nsdname'),
  PTR: targetOf('PTRRecords', 'ptrdname'),
  MX: { member: 'MXRecords', read: (of) => `${of('preference')} ${of('exchange')}`, make: ([preference, exchange]) => ({ preference: Number(preference), exchange }) },
  SRV: {
    member: 'SRVRecords',
    read: (of) => `${of('priority')} ${of('weight')} ${of('port')} ${of('target')}`,
    make: ([priority, weight, port, target]) => ({ priority: Number(priority), weight: Number(weight), port: Number(port), target }),
  },
  // A raw text in each string: no quotes and no escapes of a zone file.
  TXT: { member: 'TXTRecords', read: (_, record) => stringsOf(record).map((text) => quoted(Buffer.from(text, 'utf8'))).join(' '), make: (_, value) => ({ value: txtStrings(value).map((each) => each.toString('utf8')) }) },
  CAA: {
    member: 'caaRecords',
    read: (of) => `${of('flags')} ${of('tag')} ${quoted(Buffer.from(of('value'), 'utf8'))}`,
    make: ([flags, tag], value) => ({ flags: Number(flags), tag, value: txtText(value.slice(value.indexOf('"'))) }),
  },
  SOA: {
    member: 'SOARecord', isSingle: true,
    read: (of) => ['host', 'email', 'serialNumber', 'refreshTime', 'retryTime', 'expireTime', 'minimumTTL'].map(of).join(' '),
    make: (fields) => ({ host: fields[0], email: fields[1] }),
  },
};

/** A member by its name in any case; `undefined` where it is missing. */
export function memberOf(record: TheirRecord, name: string): unknown {
  const key = Object.keys(record).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : record[key];
}

export function isRecord(value: unknown): value is TheirRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringsOf(record: TheirRecord): string[] {
  const strings = memberOf(record, 'value');
  return Array.isArray(strings) ? strings.filter((each): each is string => typeof each === 'string') : [];
}
