export type FakeRecord = { id: string; type: string; name: string; data: string; priority: number; ttl: number };
export type FakeDomain = { domain: string; records: FakeRecord[] };
const types = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'SRV', 'SSHFP', 'TXT'];

/** The record as it will be kept: an apex without a name, TXT within one pair of quotes, host names as they came but without a final dot. */
export function keptRecord(wanted: FakeRecord): FakeRecord {
  const { type, name, data } = wanted;
  const isHost = ['CNAME', 'MX', 'NS', 'SRV'].includes(type) && data !== '.' && !data.endsWith(' .');
  const text = data.trim();
  return { ...wanted, name: name === '@' ? '' : name, data: type === 'TXT' ? `"${isQuoted(text) ? text.slice(1, -1) : text}"` : isHost ? text.replace(/\.$/, '') : text };
}

/** What Vultr refuses, in its words where they are known; `null`: it takes the record. `sent` is what came, `kept` what it becomes. */
export function problemOf(domain: FakeDomain, record: FakeRecord | null, sent: FakeRecord, kept: FakeRecord, refusesCopies: boolean): string | null {
  const verb = record === null ? 'Unable to add record' : 'Unable to update record';
  const problem = dataProblem(sent, kept);
  if (problem !== null) return `${verb}: ${problem}`;
  const atName = domain.records.filter((each) => each !== record && each.name.toLowerCase() === kept.name.toLowerCase());
  if (kept.type === 'CNAME' && kept.name === '') return `${verb}: CNAME records cannot be at the apex`;
  if (atName.some((each) => (each.type === 'CNAME') !== (kept.type === 'CNAME') || kept.type === 'CNAME')) return `${verb}: A CNAME record cannot share its name`;
  const ofSet = atName.filter(({ type }) => type === kept.type);
  const odd = ofSet.find(({ ttl }) => ttl !== kept.ttl);
  if (odd !== undefined) return `${verb}: New records TTL (${kept.ttl}) must match the TTL of existing records (${odd.ttl})`;
  const isCopy = ofSet.some(({ data, priority }) => data === kept.data && priority === kept.priority);
  return refusesCopies && isCopy ? `${verb}: Duplicate record` : null;
}

function dataProblem(sent: FakeRecord, { type, data, name, ttl }: FakeRecord): string | null {
  if (!types.includes(type)) return 'Invalid record type';
  if (typeof name !== 'string') return 'Invalid record name';
  if (!(ttl > 0)) return 'Invalid TTL';
  if (type === 'TXT') return textProblem(sent.data.trim());
  if (data === '') return 'Record data is missing';
  if (type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(data)) return 'Invalid IPv4 address';
  if (type === 'AAAA' && !/^[0-9a-f:.]+$/i.test(data)) return 'Invalid IPv6 address';
  if (type === 'MX' && data === '.') return 'Invalid mail server';
  if (type === 'SRV' && !/^\d+ \d+ \S+$/.test(data)) return 'Invalid SRV data';
  if (type === 'CAA' && !/^\d+ [a-z0-9]+ "[^"\s]+"$/i.test(data)) return 'Invalid CAA data';
  return null;
}

/** As seen 2026-07-26 by DNSControl. */
function textProblem(text: string): string | null {
  if (text.startsWith('"') !== text.endsWith('"') || text === '"') return 'Record data must be enclosed in quotes';
  const inner = isQuoted(text) ? text.slice(1, -1) : text;
  if (inner.includes('"')) return 'Quotes may only appear at the beginning and end of the data';
  if (inner === '') return 'Record data is missing';
  return /^v=spf1\b/.test(inner) && !/^v=spf1( +\S+)*$/.test(inner) ? 'Invalid SPF record' : null;
}

function isQuoted(text: string): boolean {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"');
}
