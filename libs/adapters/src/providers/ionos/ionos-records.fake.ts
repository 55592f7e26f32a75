import { randomUUID } from 'node:crypto';

/** As kept: names in full, TXT in quotes, AAAA in eight groups. `service`: the service of IONOS that keeps the record, which no answer shows. */
export type FakeRecord = { id: string; name: string; type: string; content: string; ttl: number; prio: number | null; disabled: boolean; changeDate: string; service: string | null };
export type FakeZone = { id: string; name: string; type: 'NATIVE' | 'SLAVE'; contract: string; records: FakeRecord[] };
export type Sent = { name?: unknown; type?: unknown; content?: unknown; ttl?: unknown; prio?: unknown; disabled?: unknown };
export type Problem = { invalidFields?: string[]; requiredFields?: string[] };

const types = ['A', 'AAAA', 'CAA', 'CERT', 'CNAME', 'DS', 'HTTPS', 'LOC', 'MX', 'NS', 'OPENPGPKEY', 'RP', 'SMIMEA', 'SOA', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT', 'URI'];
const withPrio = ['MX', 'SRV'];
const ofHosts = ['CNAME', 'MX', 'NS', 'SRV'];

/** What becomes of a record that was sent. */
export function keptRecord(sent: Sent, longTexts: 'joined' | 'split'): FakeRecord {
  const type = String(sent.type ?? '').toUpperCase();
  const prio = withPrio.includes(type) ? Number(sent.prio ?? 0) : null;
  return { id: randomUUID(), name: String(sent.name ?? '').toLowerCase(), type, content: regular(type, String(sent.content ?? ''), longTexts), ttl: Number(sent.ttl ?? 3_600), prio, disabled: sent.disabled === true, changeDate: new Date().toISOString(), service: null };
}

function regular(type: string, content: string, longTexts: 'joined' | 'split'): string {
  const text = content.trim();
  if (type === 'TXT') return inQuotes(text, longTexts);
  if (type === 'AAAA') return inEightGroups(text);
  if (type === 'CAA') return text.replace(/^(\d+) (\S+) [“"]*([^“"]*)[“"]*$/, '$1 $2 "$3"');
  return ofHosts.includes(type) ? text.replace(/\.$/, '') : text;
}

/** Quotes within a text are lost. */
function inQuotes(text: string, longTexts: 'joined' | 'split'): string {
  const plain = text.replaceAll(/"\s+"/g, '').replaceAll('"', '');
  const strings = longTexts === 'split' ? (plain.match(/.{1,255}/gs) ?? ['']) : [plain];
  return strings.map((each) => `"${each}"`).join(' ');
}

function inEightGroups(text: string): string {
  if (!URL.canParse(`http://[${text}]/`)) return text;
  const [before = '', after] = new URL(`http://[${text}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined): string[] => (part === undefined || part === '' ? [] : part.split(':'));
  const left = groups(before);
  const right = groups(after);
  return after === undefined ? left.join(':') : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right].join(':');
}

/** Which fields of a record are refused; `null`: none. */
export function problemOf(zone: FakeZone, sent: Sent, kept: FakeRecord, itself: FakeRecord | null): Problem | null {
  const missing = (['name', 'type', 'content'] as const).filter((field) => typeof sent[field] !== 'string' || sent[field] === '');
  if (missing.length > 0) return { requiredFields: missing };
  const invalid = [
    ...(kept.name === zone.name || kept.name.endsWith(`.${zone.name}`) ? [] : ['name']),
    ...(types.includes(kept.type) && kept.type !== 'SOA' ? [] : ['type']),
    ...(isData(kept) ? [] : ['content']),
    ...(kept.ttl >= 60 ? [] : ['ttl']),
    ...(withPrio.includes(kept.type) || sent.prio === undefined || sent.prio === 0 ? [] : ['prio']),
  ];
  if (invalid.length > 0) return { invalidFields: invalid };
  if (kept.type === 'CNAME' && kept.name === zone.name) return { invalidFields: ['name'] };
  const beside = zone.records.filter((each) => each !== itself && !each.disabled && each.service === null && each.name === kept.name && !isSame(each, kept));
  return beside.some(({ type }) => (type === 'CNAME') !== (kept.type === 'CNAME') || kept.type === 'CNAME') ? { invalidFields: ['type'] } : null;
}

function isData({ type, content }: FakeRecord): boolean {
  if (type === 'A') return /^\d{1,3}(\.\d{1,3}){3}$/.test(content);
  if (type === 'AAAA') return /^[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}$/i.test(content);
  if (type === 'SRV') return /^\d+ \d+ [^\s.]+(\.[^\s.]+)*$/.test(content);
  if (type === 'CAA') return /^\d+ [a-z0-9]+ "[^"]+"$/i.test(content);
  if (type === 'TXT') return content !== '""';
  return !ofHosts.includes(type) || /^[^\s.]+(\.[^\s.]+)*$/.test(content);
}

export function isSame(a: FakeRecord, b: FakeRecord): boolean {
  return a.name === b.name && a.type === b.type && a.content === b.content && a.prio === b.prio;
}

/** Mail and addresses of a service bear no others at their name; a CNAME bears nothing, and nothing bears it. */
export function collides(a: FakeRecord, b: FakeRecord): boolean {
  const addresses = ['A', 'AAAA'];
  if (a.name !== b.name) return false;
  return a.type === 'CNAME' || b.type === 'CNAME' || (a.type === 'MX' && b.type === 'MX') || (addresses.includes(a.type) && addresses.includes(b.type));
}

export function shown(zone: FakeZone, { id, name, type, content, ttl, prio, disabled, changeDate }: FakeRecord): Record<string, unknown> {
  return { name, rootName: zone.name, type, content, changeDate, ttl, ...(prio === null ? {} : { prio }), disabled, id };
}
