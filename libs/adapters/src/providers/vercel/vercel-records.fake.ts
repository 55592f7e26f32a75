/** As stored: names relative, '' is the apex; `value` as it is listed, without the priority. */
export type FakeRecord = { id: string; name: string; type: string; value: string; ttl: number; creator: string; comment: string; createdAt: number; mxPriority?: number; priority?: number };
export type RecordInput = {
  type?: string | null; name?: string | null; value?: string | null; ttl?: number | null; comment?: string | null; mxPriority?: number | null;
  srv?: { priority: number; weight: number; port: number; target: string } | null;
  https?: { priority: number; target: string; params?: string | null } | null;
};
export type Wanted = Pick<FakeRecord, 'name' | 'type' | 'value' | 'ttl' | 'comment' | 'mxPriority' | 'priority'> & { alsoValue: boolean };
type Problem = { status: number; code: string; message: string };

const types = ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'HTTPS', 'MX', 'NS', 'SRV', 'TXT'];
const withHost = ['ALIAS', 'CNAME', 'MX', 'NS'];

/** What a body asks for; what an update leaves out stays. */
export function wantedOf({ type, name, value, ttl, comment, mxPriority, srv, https }: RecordInput, record: FakeRecord | null): Wanted {
  const kept = { name: record?.name ?? '', type: (type ?? '').toUpperCase(), ttl: record?.ttl ?? 60, comment: record?.comment ?? '', value: record?.value ?? '' };
  const priority = srv?.priority ?? https?.priority ?? record?.priority;
  const preference = mxPriority ?? record?.mxPriority;
  const data = srv != null ? `${srv.weight} ${srv.port} ${dotted(srv.target)}` : https != null ? `${dotted(https.target)} ${https.params ?? ''}`.trimEnd() : (value ?? kept.value);
  return {
    ...kept, name: (name ?? kept.name).toLowerCase().replace(/^@$/, ''), ttl: ttl ?? kept.ttl, comment: comment ?? kept.comment,
    value: withHost.includes(kept.type) ? dotted(data) : data, alsoValue: value != null && (srv != null || https != null),
    ...(preference === undefined ? {} : { mxPriority: preference }), ...(priority === undefined ? {} : { priority }),
  };
}

/** Beside what is stored: the old names of the times, and an empty slug. */
export function shown({ createdAt, ...record }: FakeRecord) {
  return { ...record, slug: '', created: createdAt, updated: createdAt, createdAt, updatedAt: createdAt };
}

export function problemOf(records: readonly FakeRecord[], record: FakeRecord | null, wanted: Wanted, copies: 'kept' | 'refused' = 'kept'): Problem | null {
  const { name, type, value, ttl, mxPriority, alsoValue } = wanted;
  const bad = (code: string, message: string): Problem => ({ status: 400, code, message });
  if (!types.includes(type)) return bad('invalid_type', 'Invalid type');
  if (alsoValue) return bad('bad_request', 'Invalid request: should NOT have additional property `value`.');
  if (ttl < 60 || ttl > 2_147_483_647) return bad('bad_request', 'Invalid request: `ttl` should be >= 60.');
  if (value === '') return bad('missing_value', 'Missing value');
  if (name === '' && type === 'NS') return bad('invalid_name', 'Cannot set NS records at the root level. Only subdomain NS records are supported');
  if (name === '' && type === 'CNAME') return bad('invalid_name', 'CNAME records cannot be set at the root level');
  if (type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(value)) return bad('invalid_value', 'Not an IPv4 address');
  if (type === 'AAAA' && !/^[0-9a-f:.]+$/i.test(value)) return bad('invalid_value', 'Not an IPv6 address');
  if ((withHost.includes(type) || type === 'SRV') && /(^|\s)\.$/.test(value)) return bad('invalid_value', 'not a fully qualified domain name');
  if (type === 'MX' && mxPriority === undefined) return bad('bad_request', 'Invalid request: missing required property `mxPriority`.');
  if (type === 'CAA' && value.includes(';')) return bad('invalid_value', 'unexpected parameter cansignhttpexchanges');
  // Records of the system give way to those of a user.
  const others = records.filter((each) => each !== record && each.name === name && each.creator !== 'system');
  if (others.some((each) => (each.type === 'CNAME') !== (type === 'CNAME') || type === 'CNAME')) return { status: 409, code: 'record_conflicts', message: `Existing record ("${others[0]!.id}") conflict with attempted "${type}" record: a CNAME record cannot be created if any other record exists with the same name` };
  const alike = others.filter((each) => each.type === type);
  if (copies === 'refused' && alike.some((each) => each.value === value && each.mxPriority === mxPriority && each.priority === wanted.priority)) return { status: 409, code: 'conflict', message: 'The record already exists' };
  if (record === null && alike.length >= 50) return bad('bad_request', `You have reached the maximum number of DNS values (50) for ${type} records at this name`);
  return null;
}

function dotted(host: string): string {
  return host.endsWith('.') ? host : `${host}.`;
}
