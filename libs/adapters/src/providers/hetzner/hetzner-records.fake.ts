/** What Hetzner takes and refuses of record sets, from its documentation and what others have met; nothing of the adapter is used here. */
export type FakeRecord = { value: string; comment: string };
export type FakeRrset = { name: string; type: string; ttl: number | null; labels: Record<string, string>; protection: { change: boolean }; records: FakeRecord[] };
export type Refusal = { status: number; code: string; message: string; details?: { fields: { name: string; messages: string[] }[] } | null };

/** NAPTR, SSHFP and LOC were seen to be refused. */
const types = new Set(['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'HINFO', 'HTTPS', 'MX', 'NS', 'PTR', 'RP', 'SOA', 'SRV', 'SVCB', 'TLSA', 'TXT']);

export const isRefusal = (value: object): value is Refusal => 'status' in value && 'code' in value;

export function invalid(field: string, message: string): Refusal {
  return { status: 422, code: 'invalid_input', message: `invalid input in field '${field}'`, details: { fields: [{ name: field, messages: [message] }] } };
}

/** Name and type of a set, as they have to be written: relative, in lower case, without a final dot. */
export function keyRefusal(name: unknown, type: unknown): Refusal | null {
  if (typeof type !== 'string' || !types.has(type)) return invalid('type', 'unknown type');
  if (typeof name !== 'string' || !/^(@|(\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/.test(name)) return invalid('name', 'must be relative to the zone, in lower case');
  return type === 'CNAME' && name === '@' ? invalid('type', 'CNAME is not allowed at the apex') : null;
}

export function ttlRefusal(ttl: unknown): Refusal | null {
  if (ttl === null || ttl === undefined) return null;
  return typeof ttl === 'number' && ttl >= 60 && ttl <= 2_147_483_647 ? null : invalid('ttl', 'must be between 60 and 2147483647');
}

/** The records of a call, or what is wrong with them. Values are kept and compared as they are written. */
export function recordsOf(type: string, given: unknown, max = 50): FakeRecord[] | Refusal {
  if (!Array.isArray(given) || given.length === 0 || given.length > max) return invalid('records', `must have between 1 and ${max} entries`);
  const records = (given as { value?: unknown; comment?: unknown }[]).map(({ value, comment }) => ({ value: String(value ?? ''), comment: String(comment ?? '') }));
  const wrong = records.findIndex(({ value }) => !fits(type, value));
  if (wrong >= 0) return invalid(`records[${wrong}].value`, `invalid ${type} value`);
  return new Set(records.map(({ value }) => value)).size === records.length ? records : invalid('records', 'duplicate value');
}

/** A CNAME stands alone, and has one value. */
export function conflictOf(name: string, type: string, count: number, others: readonly FakeRrset[]): Refusal | null {
  if (type === 'CNAME' && count > 1) return invalid('records', 'CNAME has one record');
  const here = others.filter((other) => other.name === name && other.type !== type);
  const isInTheWay = type === 'CNAME' ? here.length > 0 : here.some((other) => other.type === 'CNAME');
  return isInTheWay ? invalid('type', 'CNAME cannot coexist with other types') : null;
}

function fits(type: string, value: string): boolean {
  const words = value.split(' ');
  switch (type) {
    case 'A':
      return /^((0|[1-9]\d{0,2})\.){3}(0|[1-9]\d{0,2})$/.test(value) && value.split('.').every((part) => Number(part) <= 255);
    case 'AAAA':
      return URL.canParse(`http://[${value}]/`);
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return words.length === 1 && isName(value);
    case 'MX':
      return words.length === 2 && areNumbers(words.slice(0, 1)) && isName(words[1]!);
    case 'SRV':
      return words.length === 4 && areNumbers(words.slice(0, 3)) && isName(words[3]!);
    case 'CAA':
      return /^\d{1,3} [a-zA-Z0-9]+ "[^"]*"$/.test(value);
    case 'TXT':
      return areStrings(value);
    default:
      return value !== '';
  }
}

function isName(text: string): boolean {
  return text === '.' || text === '@' || text.replace(/\.$/, '').split('.').every((label) => label.length > 0 && label.length <= 63);
}

function areNumbers(words: readonly string[]): boolean {
  return words.every((word) => /^\d+$/.test(word) && Number(word) <= 65_535);
}

/** Strings in quotes, of at most 255 octets each, with `\"` and `\\`. */
function areStrings(value: string): boolean {
  const parts = [...value.matchAll(/\s*"((?:[^"\\]|\\["\\])*)"/gs)];
  return parts.length > 0 && parts.map(([whole]) => whole).join('') === value && parts.every(([, text]) => text!.replaceAll(/\\(.)/gs, '$1').length <= 255);
}
