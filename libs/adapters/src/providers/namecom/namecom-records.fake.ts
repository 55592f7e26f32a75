export type FakeRecord = { id: number; host: string; type: string; answer: string; ttl: number; priority: number };
export type FakeDomain = { domainName: string; nameservers: string[]; expireDate: string; records: FakeRecord[] };
const types = ['A', 'AAAA', 'ANAME', 'CNAME', 'MX', 'NS', 'SRV', 'TXT'];

/** The record as it will be kept: the apex without a host, host names without a final dot. */
export function keptRecord(record: FakeRecord): FakeRecord {
  const isHost = ['ANAME', 'CNAME', 'MX', 'NS', 'SRV'].includes(record.type);
  return { ...record, host: record.host === '@' ? '' : record.host.toLowerCase(), answer: isHost ? record.answer.replace(/\.$/, '') : record.answer, priority: ['MX', 'SRV'].includes(record.type) ? record.priority : 0 };
}

/** What Name.com says in `details` of a record that it refuses; `null`: it is taken. */
export function problemOf(domain: FakeDomain, replaced: FakeRecord | null, record: FakeRecord): string | null {
  const problem = dataProblem(record);
  if (problem !== null) return problem;
  const atHost = domain.records.filter((each) => each !== replaced && each.host === record.host);
  if (atHost.some(({ type, answer, priority }) => type === record.type && answer === record.answer && priority === record.priority)) return 'Duplicate Record';
  if (record.type === 'CNAME' && record.host === '') return 'Invalid Host';
  return atHost.some(({ type }) => (type === 'CNAME') !== (record.type === 'CNAME') || record.type === 'CNAME') ? 'CNAME records cannot share a host' : null;
}

function dataProblem({ type, answer, ttl, host }: FakeRecord): string | null {
  if (!types.includes(type)) return 'Invalid Type';
  if (typeof ttl !== 'number' || ttl < 300) return 'Invalid TTL';
  if (typeof host !== 'string') return 'Invalid Host';
  if (type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(answer)) return 'Invalid IPv4 Address';
  if (type === 'AAAA' && !/^[0-9a-f:.]+$/i.test(answer)) return 'Invalid IPv6 Address';
  if (type === 'SRV' && !/^\d+ \d+ [^\s.]+(\.[^\s.]+)*$/.test(answer)) return 'Invalid Srv Format';
  if (['ANAME', 'CNAME', 'MX', 'NS'].includes(type) && !/^[^\s.]+(\.[^\s.]+)+$/.test(answer)) return 'Invalid Answer';
  if (type === 'TXT' && (answer === '' || answer.includes('"') || answer.endsWith(' ') || quotedLength(answer) > 512)) return 'Invalid Txt Format';
  return null;
}

function quotedLength(text: string): number {
  return text.replaceAll('\\', '\\\\').length + Math.ceil(text.length / 255) * 3 - 1;
}
