/** What Cloudflare holds and refuses of records, from its documentation and from what others have met; nothing of the adapter is used here. */
export type FakeRecord = {
  id: string; name: string; type: string; content: string; ttl: number; proxiable: boolean; proxied: boolean; priority?: number; data?: Record<string, unknown>;
  settings: Record<string, unknown>; meta: { read_only?: boolean }; comment: string | null; tags: string[]; created_on: string; modified_on: string;
};
export type FakeRecordInput = Partial<Pick<FakeRecord, 'id' | 'content' | 'ttl' | 'proxied' | 'priority' | 'data' | 'comment' | 'meta' | 'tags' | 'settings'>> & { name: string; type: string };
export type Refusal = { status: number; code: number; message: string };

const types = new Set(['A', 'AAAA', 'CAA', 'CERT', 'CNAME', 'DNSKEY', 'DS', 'HTTPS', 'LOC', 'MX', 'NAPTR', 'NS', 'OPENPGPKEY', 'PTR', 'SMIMEA', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT', 'URI']);
const structured = new Set(['CAA', 'CERT', 'DNSKEY', 'DS', 'HTTPS', 'LOC', 'NAPTR', 'SMIMEA', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'URI']);
const hosts = new Set(['CNAME', 'MX', 'NS', 'PTR']);
const proxiable = new Set(['A', 'AAAA', 'CNAME']);

const refuse = (code: number, message: string, status = 400): Refusal => ({ status, code, message });
export const isRefusal = (value: object): value is Refusal => 'code' in value && 'status' in value;

/** FQDN, relative name or `@`; kept as FQDN in lower case without a final dot. */
export function fullName(name: string, zone: string): string {
  const lower = name.toLowerCase().replace(/\.$/, '');
  if (lower === '@' || lower === '' || lower === zone) return zone;
  return lower.endsWith(`.${zone}`) ? lower : `${lower}.${zone}`;
}

/** The record as it would be stored, or the refusal. `given` is a whole record: a PATCH is laid over the old one before. */
export function validated(given: Record<string, unknown>, zone: string, now: string, old?: FakeRecord): FakeRecord | Refusal {
  const type = String(given['type'] ?? '').toUpperCase();
  if (!types.has(type)) return refuse(1004, 'DNS Validation Error');
  if (old !== undefined && old.type !== type) return refuse(1004, 'The type of a record cannot be changed');
  const name = fullName(String(given['name'] ?? ''), zone);
  if (name.split('.').some((label) => label.length === 0 || label.length > 63) || name.length > 253) return refuse(9000, 'DNS name is invalid.');
  if (name === zone && (type === 'NS' || type === 'SOA')) return refuse(1004, 'NS records of the apex cannot be managed');
  const { ttl = 1, proxied = false } = given;
  if (typeof ttl !== 'number') return refuse(9208, 'ttl must be a number.');
  if (ttl !== 1 && (ttl < 60 || ttl > 86_400)) return refuse(9021, 'Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.');
  if (proxied === true && !proxiable.has(type)) return refuse(9041, 'This DNS record cannot be proxied.');
  const body = bodyOf(type, given);
  if (isRefusal(body)) return body;
  if (proxied === true && type === 'A' && /^(10\.|192\.168\.|127\.)/.test(body.content)) return refuse(9003, "Invalid 'proxied' value, must be a boolean");
  if (type === 'CNAME' && body.content === name) return refuse(9039, 'CNAME content cannot reference itself.');
  return {
    id: old?.id ?? String(given['id'] ?? crypto.randomUUID().replaceAll('-', '')),
    name, type, ...body, proxiable: proxiable.has(type), proxied: proxied === true,
    ttl: proxied === true ? 1 : ttl,
    settings: (given['settings'] as Record<string, unknown> | undefined) ?? {}, meta: (given['meta'] as FakeRecord['meta'] | undefined) ?? {},
    comment: (given['comment'] as string | null | undefined) ?? null, tags: (given['tags'] as string[] | undefined) ?? [],
    created_on: old?.created_on ?? now, modified_on: now,
  };
}

type Body = Pick<FakeRecord, 'content' | 'priority' | 'data'>;

function bodyOf(type: string, given: Record<string, unknown>): Body | Refusal {
  const data = given['data'] as Record<string, unknown> | undefined;
  const content = given['content'];
  if (structured.has(type) && data !== undefined) return dataOf(type, data);
  // Without `data` the dashboard's import takes the text of structured types.
  if (typeof content !== 'string') return refuse(9007, 'Content for the record is invalid. Must not be empty.');
  switch (type) {
    case 'A':
      return /^(\d{1,3}\.){3}\d{1,3}$/.test(content) && content.split('.').every((part) => Number(part) <= 255) ? { content } : refuse(9005, 'Content for A record must be a valid IPv4 address.');
    case 'AAAA':
      return URL.canParse(`http://[${content}]/`) ? { content: content.toLowerCase() } : refuse(9006, 'Content for AAAA record must be a valid IPv6 address.');
    case 'TXT':
      if (content === '' || content === '""') return refuse(9007, 'Content for TXT record is invalid. Must not be empty.');
      return content.length > 2048 ? refuse(9015, 'DNS record content is too long.') : { content };
    case 'MX':
      if (typeof given['priority'] !== 'number') return refuse(9009, 'MX record needs a priority.');
      return { content: host(content), priority: given['priority'] };
    default:
      if (hosts.has(type) && (content === '' || /[\s/]/.test(content))) return refuse(9007, 'Content for CNAME record is invalid.');
      return { content: hosts.has(type) ? host(content) : content };
  }
}

function dataOf(type: string, data: Record<string, unknown>): Body | Refusal {
  const text = (name: string): string => String(data[name] ?? '');
  switch (type) {
    case 'SRV':
      // The labels of the service belong into `name` since 2024-05-31.
      if (['service', 'proto', 'name'].some((field) => field in data)) return refuse(1004, 'data.service, data.proto and data.name are gone');
      if (['priority', 'weight', 'port'].some((field) => typeof data[field] !== 'number') || text('target') === '') return refuse(9007, 'SRV data is incomplete');
      return { content: `${text('weight')}\t${text('port')}\t${host(text('target'))}`, priority: data['priority'] as number, data: { ...data, target: host(text('target')) } };
    case 'CAA':
      if (typeof data['flags'] !== 'number' || text('tag') === '') return refuse(9007, 'CAA data is incomplete');
      return { content: `${text('flags')} ${text('tag')} "${text('value')}"`, data };
    case 'HTTPS':
    case 'SVCB':
      if (typeof data['priority'] !== 'number' || text('target') === '') return refuse(9007, `${type} data is incomplete`);
      return { content: [text('priority'), text('target') === '.' ? '.' : host(text('target')), text('value')].join(' ').trim(), data };
    default:
      return { content: Object.values(data).map(String).join(' '), data };
  }
}

function host(name: string): string {
  return name === '.' ? '.' : name.replace(/\.$/, '');
}

/** What stands in the way of a record among the others; `self` is the record that is changed. */
export function conflictOf(record: FakeRecord, others: readonly FakeRecord[]): Refusal | null {
  const here = others.filter((other) => other.id !== record.id && other.name === record.name);
  if (here.some((other) => other.type === record.type && other.content === record.content && other.priority === record.priority)) return refuse(81058, 'An identical record already exists.');
  const has = (...wanted: string[]): boolean => here.some(({ type }) => wanted.includes(type));
  if (record.type === 'CNAME' && has('A', 'AAAA', 'CNAME')) return refuse(81053, 'An A, AAAA, or CNAME record with that host already exists.');
  if (['A', 'AAAA'].includes(record.type) && has('CNAME')) return refuse(81054, 'A CNAME record with that host already exists.');
  if (['A', 'AAAA', 'CNAME'].includes(record.type) && has('NS')) return refuse(81056, 'NS records with that host already exist.');
  if (record.type === 'TXT' && here.filter(({ type }) => type === 'TXT').reduce((sum, { content }) => sum + content.length, record.content.length) > 8_192) return refuse(83011, 'The TXT records of this name are too long.');
  return null;
}
