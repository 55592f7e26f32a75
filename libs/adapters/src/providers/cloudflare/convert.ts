import { ProviderError, displayName, ownerName, recordValue, sameValue, txtStrings, txtValue, type Change, type OwnerName, type RecordSet, type RecordValue } from '@connect/domain';
import { readOrKept, recordOperations, setsOfRecords, type NativeRecord, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** A record as it stands at Cloudflare: its id, the TTL it really has (1 is automatic), and whether their proxy stands before it. */
export type Native = { id: string; ttl: number; proxied: boolean };
export type NativeSets = RecordsBySet<Native>;

/** What an automatic TTL is in the DNS. https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/ */
const automaticTtlSeconds = 300;
const proxiable: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

export type Content = { content?: string; priority?: number; data?: Record<string, unknown> };
export type BatchBody = {
  deletes: { id: string }[];
  patches: ({ id: string; ttl?: number; proxied?: boolean } & Content)[];
  posts: ({ type: string; name: string; ttl: number; proxied?: boolean } & Content)[];
};

export function toRecordSets(records: readonly RecordAnswer[]): { recordSets: RecordSet[]; native: NativeSets } {
  return setsOfRecords(records.map((record) => ({
    ownerName: ownerName(record.name), type: record.type, ttlSeconds: record.ttl === 1 ? automaticTtlSeconds : record.ttl, value: valueOf(record),
    native: { id: record.id, ttl: record.ttl, proxied: record.proxied === true },
    // Email Routing, Workers and Tunnel own some records: they can be read, and neither changed nor deleted.
    marks: { ...(record.meta?.read_only === true ? { untouchable: 'managed_record' } : {}), ...(record.proxied === true ? { proxied: true } : {}) },
  })));
}

/** The operations of one change, each named by a record id: a record that the change does not name cannot be touched. */
export function toOperations(change: Change, records: readonly NativeRecord<Native>[]): BatchBody {
  const { updates, creates, deletes } = recordOperations(change, records);
  const { type } = change;
  const name = displayName(change.ownerName);
  const proxied = change.after?.proxied === true;
  const ofProxy = proxiable.has(type) ? { proxied } : {};
  return {
    deletes: deletes.map(({ native }) => ({ id: native.id })),
    // PATCH, since PUT would drop comment, tags and settings of the record.
    patches: updates.map(({ record, value, ttlSeconds }) =>
      sameValue(type, record.value, value)
        ? { id: record.native.id, ttl: ttlSeconds }
        : { id: record.native.id, ...contentOf(type, value), ...ttlIf(record.ttlSeconds !== ttlSeconds, ttlSeconds, proxied), ...ofProxy }),
    posts: creates.map(({ value, ttlSeconds }) => ({ type, name, ...contentOf(type, value), ttl: proxied ? 1 : ttlSeconds, ...ofProxy })),
  };
}

export function sizeOf({ deletes, patches, posts }: BatchBody): number {
  return deletes.length + patches.length + posts.length;
}

/** Whole changes, packed into as few batches as their limit allows. */
export function toBatches(operations: readonly BatchBody[], limit: number): BatchBody[] {
  const batches: BatchBody[] = [];
  for (const each of operations.filter((body) => sizeOf(body) > 0)) {
    if (sizeOf(each) > limit) throw new ProviderError('unsupported', { detail: `more than ${limit} records of one set in one write` });
    const last = batches.at(-1);
    if (last === undefined || sizeOf(last) + sizeOf(each) > limit) batches.push({ deletes: [...each.deletes], patches: [...each.patches], posts: [...each.posts] });
    else for (const part of ['deletes', 'patches', 'posts'] as const) (last[part] as unknown[]).push(...each[part]);
  }
  return batches;
}

/** Our data in their fields. Host names go without a final dot; a null target is ".". */
export function contentOf(type: string, value: RecordValue): Content {
  const fields = value.split(' ');
  switch (type) {
    case 'CNAME':
    case 'NS':
      return { content: host(value) };
    case 'MX':
      return { priority: Number(fields[0]), content: host(fields[1]!) };
    case 'SRV':
      return { data: { priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), target: host(fields[3]!) } };
    case 'CAA':
      return { data: { flags: Number(fields[0]), tag: fields[1], value: Buffer.concat(txtStrings(fields.slice(2).join(' '))).toString('utf8') } };
    case 'HTTPS':
    case 'SVCB':
      return { data: { priority: Number(fields[0]), target: host(fields[1]!), value: fields.slice(2).join(' ') } };
    default:
      return { content: value };
  }
}

/** One odd record does not spoil the zone: what is not in the form of its type is kept as it was given. */
function valueOf(record: RecordAnswer): RecordValue {
  const text = presentationOf(record);
  return readOrKept(text, () => record.type === 'TXT' ? textOf(text) : recordValue(record.type, text));
}

function presentationOf({ type, content = '', data, priority }: RecordAnswer): string {
  if (type === 'MX') return `${priority ?? 0} ${content}`;
  // `content` has lacked the priority and had a tab in it; `data` is exact.
  if (type === 'SRV' && data !== undefined) return `${String(data['priority'])} ${String(data['weight'])} ${String(data['port'])} ${String(data['target'])}`;
  if (type === 'SRV') return `${priority ?? 0} ${content}`;
  return content;
}

/** In quotes it is a list of strings (RFC 1035 5.1); without, as the dashboard made it for years, it is the text itself. */
function textOf(content: string): RecordValue {
  if (content.length < 2 || !content.startsWith('"') || !content.endsWith('"')) return txtValue(content);
  return readOrKept(txtValue(content), () => recordValue('TXT', content));
}

function ttlIf(changed: boolean, ttlSeconds: number, proxied: boolean): { ttl?: number } {
  if (proxied) return { ttl: 1 };
  return changed ? { ttl: ttlSeconds } : {};
}

function host(name: string): string {
  return displayName(name as OwnerName);
}
