export type FakeRecord = {
  id: number; zone_id: string; parent_id: number | null; name: string; content: string; ttl: number; priority: number | null; type: string;
  regions: string[]; system_record: boolean; created_at: string; updated_at: string;
};
export type FakeZone = { id: number; account_id: number; name: string; active: boolean; secondary: boolean; records: FakeRecord[] };
/** What a write sends. */
export type FakeRecordInput = { name?: string; type?: string; content?: string; ttl?: number; priority?: number | null; regions?: string[] };
/** By field, as `errors` of a refusal. */
export type FakeProblem = Record<string, string[]>;

const types = ['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'HINFO', 'HTTPS', 'MX', 'NAPTR', 'POOL', 'PTR', 'SPF', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT', 'URL'];
const hosts = ['ALIAS', 'CNAME', 'MX', 'PTR'];

/** The record as it will be kept: names in lower case, hosts without a final dot, TXT within quotes, and an SRV record without a target broken. */
export function keptRecord(wanted: FakeRecord): FakeRecord {
  const { type, content } = wanted;
  const name = wanted.name === '@' ? '' : wanted.name.toLowerCase();
  if (type === 'TXT') return { ...wanted, name, content: isQuoted(content) ? content.trim() : `"${content.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` };
  if (type === 'SRV' && content.endsWith(' .')) return { ...wanted, name, content: content.slice(0, -1) };
  if (hosts.includes(type) && content !== '.') return { ...wanted, name, content: content.replace(/\.$/, '') };
  return { ...wanted, name };
}

/** What DNSimple refuses, in its words where they are known; `null`: it takes the record. `record` is what an update changes. */
export function problemOf(zone: FakeZone, record: FakeRecord | null, sent: FakeRecord, kept: FakeRecord, most: number): FakeProblem | null {
  if (!types.includes(kept.type)) return { record_type: ['unsupported'] };
  if (record?.system_record === true) return { base: ['System records cannot be changed'] };
  const problem = dataProblem(sent, kept);
  if (problem !== null) return problem;
  if (record === null && zone.records.length >= most) return { base: ['Zone record limit reached'] };
  const others = zone.records.filter((each) => each !== record && each.name === kept.name && each.parent_id === null);
  const full = kept.name === '' ? zone.name : `${kept.name}.${zone.name}`;
  if (others.some((each) => each.type === kept.type && each.content === kept.content && (each.priority ?? 0) === (kept.priority ?? 0))) return { base: ['Matching record already exists for this zone'] };
  if (kept.type === 'CNAME' && others.length > 0) return { base: [`Another record already exists for ${full}, cannot add a CNAME`] };
  if (others.some(({ type }) => type === 'CNAME')) return { base: [`A CNAME record exists for ${full}, cannot add another record`] };
  return null;
}

function dataProblem(sent: FakeRecord, { type, content, name, ttl }: FakeRecord): FakeProblem | null {
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > 2_147_483_647) return { ttl: ['is not included in the list'] };
  if (/\s/.test(name)) return { name: ['is invalid'] };
  if (type === 'TXT') return textProblem(content);
  if (content === '') return { content: ["can't be blank"] };
  if (type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(content)) return { content: ['must be a valid IPv4 address'] };
  if (type === 'AAAA' && !/^[0-9a-f:.]+$/i.test(content)) return { content: ['must be a valid IPv6 address'] };
  if (['HTTPS', 'SVCB'].includes(type) && /^\S+ \S+\.(\s|$)/.test(sent.content)) return { content: ['target must not have a trailing dot'] };
  if (type === 'CAA' && !/^\d+ [a-z0-9]+ "[^"]*"$/i.test(content)) return { content: ['is invalid'] };
  return null;
}

/** As DNSControl saw it: nothing empty, no space at the end, no quote alone, 1,000 characters with quotes and escapes. */
function textProblem(content: string): FakeProblem | null {
  const text = textOf(content);
  if (text === null) return { content: ['has unpaired quotes'] };
  if (text === '') return { content: ["can't be blank"] };
  if (text.endsWith(' ')) return { content: ['must not end with a space'] };
  if (text.split('"').length % 2 === 0) return { content: ['has unpaired quotes'] };
  return content.length > 1_000 ? { content: ['is too long (maximum is 1000 characters)'] } : null;
}

/** The strings joined, without quotes and escapes; `null`: the quotes do not fit together. */
export function textOf(content: string): string | null {
  const strings = content.match(/"(?:[^"\\]|\\.)*"/gs) ?? [];
  if (strings.join('').length !== content.replaceAll(/"\s+"/g, '""').trim().length) return null;
  return strings.map((each) => each.slice(1, -1).replaceAll(/\\(.)/gs, '$1')).join('');
}

function isQuoted(content: string): boolean {
  return content.trim().startsWith('"');
}
