/** What LiveDNS takes, refuses and makes of record sets, from its documentation and recorded answers; nothing of the adapter is used here. */
export type FakeRrset = { rrset_name: string; rrset_type: string; rrset_ttl: number; rrset_values: string[] };
export type FieldError = { location: 'body'; name: string; description: string };

/** LOC stands in the documentation and was seen to be refused (2026). */
const types = new Set(['A', 'AAAA', 'ALIAS', 'CAA', 'CDS', 'CNAME', 'DNAME', 'DS', 'KEY', 'MX', 'NAPTR', 'NS', 'OPENPGPKEY', 'PTR', 'RP', 'SPF', 'SRV', 'SSHFP', 'TLSA', 'TXT', 'WKS']);
const single = new Set(['ALIAS', 'CNAME', 'DNAME']);
const defaultTtl = 10_800;

/** The set as it would be stored, or what is wrong with it. */
export function stored(given: { rrset_name?: unknown; rrset_type?: unknown; rrset_ttl?: unknown; rrset_values?: unknown }): FakeRrset | FieldError[] {
  const { rrset_name: name, rrset_type: type, rrset_ttl: ttl = defaultTtl, rrset_values: values } = given;
  const wrong = (field: string, description: string): FieldError[] => [{ location: 'body', name: field, description }];
  if (typeof name !== 'string' || !/^(@|(\*|[A-Za-z0-9_-]{1,63})(\.[A-Za-z0-9_-]{1,63})*)$/.test(name)) return wrong('rrset_name', 'Invalid record name');
  if (typeof type !== 'string' || !types.has(type)) return wrong('rrset_type', `'${String(type)}' is not one of ${[...types].join(', ')}`);
  if (typeof ttl !== 'number' || ttl < 300 || ttl > 2_592_000) return wrong('rrset_ttl', 'ttl must be between 300 and 2592000');
  if (!Array.isArray(values) || values.length === 0) return wrong('rrset_values', 'Required');
  if (type === 'ALIAS' && name !== '@') return wrong('rrset_type', 'ALIAS records are only allowed on the apex of the zone');
  if (type === 'CNAME' && name === '@') return wrong('rrset_type', 'CNAME is not allowed on the apex of the zone');
  if (type === 'DS' && name === '@') return wrong('rrset_type', 'DS is not allowed on the apex of the zone');
  if (single.has(type) && values.length > 1) return wrong('rrset_values', `only one value is allowed for ${type}`);
  const read = values.map((value) => canonical(type, String(value)));
  if (read.includes(null)) return wrong('rrset_values', `invalid ${type} value`);
  const all = read.filter((value) => value !== null);
  if (new Set(all).size !== all.length) return wrong('rrset_values', 'duplicate value');
  return { rrset_name: name.toLowerCase(), rrset_type: type, rrset_ttl: ttl, rrset_values: all };
}

export function conflictOf(set: FakeRrset, others: readonly FakeRrset[]): FieldError[] | null {
  const here = others.filter((other) => other.rrset_name === set.rrset_name && other.rrset_type !== set.rrset_type);
  const isInTheWay = set.rrset_type === 'CNAME' ? here.length > 0 : here.some(({ rrset_type: type }) => type === 'CNAME');
  return isInTheWay ? [{ location: 'body', name: 'rrset_type', description: 'A CNAME record cannot coexist with other records' }] : null;
}

function canonical(type: string, value: string): string | null {
  const words = value.trim().split(/\s+/);
  switch (type) {
    case 'A':
      return /^((0|[1-9]\d{0,2})\.){3}(0|[1-9]\d{0,2})$/.test(value) && value.split('.').every((part) => Number(part) <= 255) ? value : null;
    case 'AAAA':
      return URL.canParse(`http://[${value}]/`) ? new URL(`http://[${value}]/`).hostname.slice(1, -1) : null;
    case 'CNAME':
    case 'ALIAS':
    case 'NS':
    case 'DNAME':
    case 'PTR':
      return words.length === 1 && isName(words[0]!) ? words[0]! : null;
    case 'MX':
      return words.length === 2 && areNumbers(words.slice(0, 1)) && isName(words[1]!) ? words.join(' ') : null;
    case 'SRV':
      return words.length === 4 && areNumbers(words.slice(0, 3)) && isName(words[3]!) ? words.join(' ') : null;
    case 'CAA':
      return /^\d+ [a-zA-Z0-9]+ "[^"]*"$/.test(value) && Number(words[0]) <= 255 ? value : null;
    case 'TXT':
    case 'SPF':
      return strings(value);
    default:
      return value;
  }
}

/** With a final dot it is absolute, without it is relative to the zone; both are kept as they are. */
function isName(text: string): boolean {
  return text === '.' || text === '@' || text.replace(/\.$/, '').split('.').every((label) => label.length > 0 && label.length <= 63);
}

function areNumbers(words: readonly string[]): boolean {
  return words.every((word) => /^\d+$/.test(word) && Number(word) <= 65_535);
}

/** In quotes it is a list of strings; bare text is put in quotes. A string of more than 255 octets is split. */
function strings(value: string): string | null {
  if (!value.startsWith('"')) return split(value.replaceAll(/["\\]/g, (char) => `\\${char}`));
  const parts = [...value.matchAll(/\s*"((?:[^"\\]|\\.)*)"/gs)];
  if (parts.map(([whole]) => whole).join('') !== value.trimEnd()) return null;
  return parts.map(([, text]) => split(text!)).join(' ');
}

function split(escaped: string): string {
  const units = escaped.match(/\\\d{3}|\\.|[^\\]/gs) ?? [];
  const parts: string[] = [];
  for (let at = 0; at === 0 || at < units.length; at += 255) parts.push(`"${units.slice(at, at + 255).join('')}"`);
  return parts.join(' ');
}
