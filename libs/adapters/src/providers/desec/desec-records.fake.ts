/** What deSEC takes, refuses and makes of records, from its source and its tests (desec-io/desec-stack, 2026-08); nothing of the adapter is used here. */
export type FakeRrset = { subname: string; type: string; ttl: number; records: string[]; created: string; touched: string };
export type Errors = Record<string, string[]>;

const managed = new Set(['KEY', 'NSEC', 'NSEC3', 'OPT', 'RRSIG', 'NSEC3PARAM', 'SOA']);
const unsupported = new Set(['ALIAS', 'IPSECKEY', 'WKS']);
const supported = new Set([
  'A', 'AAAA', 'AFSDB', 'APL', 'CAA', 'CDNSKEY', 'CDS', 'CERT', 'CNAME', 'CSYNC', 'DHCID', 'DLV', 'DNAME', 'DNSKEY', 'DS', 'EUI48', 'EUI64', 'HINFO', 'HTTPS', 'KX', 'L32', 'L64', 'LOC', 'LP', 'MX', 'NAPTR', 'NID',
  'NS', 'OPENPGPKEY', 'PTR', 'RP', 'SMIMEA', 'SPF', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT', 'URI',
]);
const hostName = /^(([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)\.)+$/;
const subnameForm = /^([*]|(([*][.])?([a-z0-9_-]{1,63}[.])*[a-z0-9_-]{1,63}))$/;

class Malformed extends Error {}

export function subnameErrors(subname: unknown, domain: string): string[] {
  if (typeof subname !== 'string') return ['This field is required.'];
  if (subname === '') return [];
  if (!subnameForm.test(subname)) return ["Subname can only use (lowercase) a-z, 0-9, ., -, and _, may start with a '*.', or just be '*'. Components may not exceed 63 characters."];
  return subname.length > 178 || subname.length + domain.length > 253 ? ['Subname too long.'] : [];
}

export function typeErrors(type: unknown): string[] {
  if (typeof type !== 'string') return ['This field is required.'];
  if (managed.has(type)) return [`You cannot tinker with the ${type} RR set. It is managed automatically.`];
  if (unsupported.has(type) || !supported.has(type)) return [`The ${type} RR set type is currently unsupported.`];
  return [];
}

/** Django's REST framework takes digits in a string for a number. */
export function ttlOf(given: unknown): number | undefined {
  const ttl = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  return typeof ttl === 'number' && Number.isInteger(ttl) ? ttl : undefined;
}

export function ttlErrors(given: unknown, minimum: number): string[] {
  const ttl = ttlOf(given);
  if (given === undefined) return ['This field is required.'];
  if (ttl === undefined) return ['A valid integer is required.'];
  if (ttl < minimum) return [`Ensure this value is greater than or equal to ${minimum}.`];
  return ttl > 86_400 ? ['Ensure this value is less than or equal to 86400.'] : [];
}

/** The records in canonical form, or what is wrong with them. */
export function canonicalRecords(type: string, subname: string, records: unknown): { records: string[]; errors: Errors } {
  if (!Array.isArray(records)) return { records: [], errors: { records: ['This field is required.'] } };
  const errors: string[] = [];
  const canonical: string[] = [];
  if (['CNAME', 'DNAME'].includes(type) && records.length > 1) errors.push(`${type} RRset cannot have multiple records.`);
  if (['CNAME', 'DS'].includes(type) && subname === '') errors.push(`${type} RRset cannot have empty subname.`);
  if (JSON.stringify(records).length > 64_000) errors.push('Total length of RRset exceeds limit.');
  for (const record of records) {
    try {
      const text = canonicalRecord(type, String(record));
      if (canonical.some((other) => sameRecord(type, other, text))) errors.push(`Record content of ${type} invalid: Duplicate record content`);
      canonical.push(text);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      errors.push(`Record content of ${type} invalid: '${String(record)}': ${error.message}`);
    }
  }
  return { records: canonical, errors: errors.length === 0 ? {} : { non_field_errors: errors } };
}

/** Names compare without case in types of RFC 4034 6.2. */
function sameRecord(type: string, a: string, b: string): boolean {
  return ['MX', 'NS', 'CNAME', 'PTR', 'SRV'].includes(type) ? a.toLowerCase() === b.toLowerCase() : a === b;
}

function canonicalRecord(type: string, text: string): string {
  const words = text.trim().split(/\s+/);
  switch (type) {
    case 'A':
      if (!/^((0|[1-9]\d{0,2})\.){3}(0|[1-9]\d{0,2})$/.test(text) || text.split('.').some((part) => Number(part) > 255)) throw new Malformed('not an IPv4 address');
      return text;
    case 'AAAA':
      if (!URL.canParse(`http://[${text}]/`)) throw new Malformed('not an IPv6 address');
      return new URL(`http://[${text}]/`).hostname.slice(1, -1);
    case 'CNAME':
    case 'PTR':
    case 'DNAME':
      return absolute(one(words));
    case 'NS':
      return host(one(words), false);
    case 'MX':
      if (words.length !== 2) throw new Malformed('malformed');
      return `${number(words[0]!, 65_535)} ${host(words[1]!, true)}`;
    case 'SRV':
      if (words.length !== 4) throw new Malformed('malformed');
      return `${words.slice(0, 3).map((word) => number(word, 65_535)).join(' ')} ${host(words[3]!, true)}`;
    case 'CAA': {
      const [, flags, tag, value] = /^(\d+)\s+"?([A-Za-z0-9]+)"?\s+(.+)$/s.exec(text) ?? [];
      if (value === undefined) throw new Malformed('malformed');
      return `${number(flags!, 255)} ${tag!} "${unquoted(value)}"`;
    }
    case 'HTTPS':
    case 'SVCB':
      return service(words);
    case 'TXT':
    case 'SPF':
      return strings(text);
    case 'NAPTR':
      absolute(words.at(-1)!);
      return words.join(' ');
    case 'TLSA':
    case 'SMIMEA':
    case 'SSHFP':
      return [...words.slice(0, -1).map(Number), words.at(-1)!.toLowerCase()].join(' ');
    default:
      return words.join(' ');
  }
}

function one(words: readonly string[]): string {
  if (words.length !== 1) throw new Malformed('malformed');
  return words[0]!;
}

function absolute(name: string): string {
  if (!name.endsWith('.')) throw new Malformed('Hostname must be fully qualified (i.e., end in a dot: "example.com.")');
  if (name.length > 254 || (name !== '.' && name.slice(0, -1).split('.').some((label) => label === '' || label.length > 63))) throw new Malformed('Hostname must be no longer than 255 characters');
  return name;
}

function host(name: string, allowRoot: boolean): string {
  if (!(allowRoot && name === '.') && !hostName.test(absolute(name))) throw new Malformed(`invalid target: ${name}`);
  return name;
}

function number(word: string, max: number): number {
  if (!/^\d+$/.test(word) || Number(word) > max) throw new Malformed(`invalid number: ${word}`);
  return Number(word);
}

function unquoted(value: string): string {
  return value.replace(/^"(.*)"$/s, '$1');
}

/** Keys in the order of their numbers, without the quotes of lists (as PowerDNS wants them); none in alias mode. */
function service([priority = '', target = '', ...parameters]: string[]): string {
  const keys = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint'];
  const names = parameters.map((parameter) => parameter.split('=')[0]!.toLowerCase());
  if (number(priority, 65_535) === 0 && parameters.length > 0) throw new Malformed('no keys in alias mode');
  if (new Set(names).size !== names.length) throw new Malformed('duplicate key');
  const rank = (name: string): number => (keys.includes(name) ? keys.indexOf(name) : Number(name.replace('key', '')));
  const sorted = parameters.map((parameter, at) => ({ name: names[at]!, value: parameter.slice(names[at]!.length) })).sort((a, b) => rank(a.name) - rank(b.name));
  return [number(priority, 65_535), target === '.' ? '.' : absolute(target), ...sorted.map(({ name, value }) => `${name}${name === 'ech' ? value : value.replaceAll('"', '')}`)].join(' ');
}

/** Quoted strings only; one of more than 255 octets is split; octets that cannot be printed become `\DDD`. */
function strings(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    if (text.charAt(at) !== '"') throw new Malformed('Data for TXT records must be given using quotation marks.');
    const bytes: number[] = [];
    for (at++; text.charAt(at) !== '"'; at++) {
      if (at >= text.length || text.charAt(at) === '\n' || text.charAt(at) === '\0') throw new Malformed('malformed');
      if (text.charAt(at) !== '\\') {
        const character = String.fromCodePoint(text.codePointAt(at)!);
        bytes.push(...Buffer.from(character, 'utf8'));
        at += character.length - 1;
      } else if (/^\d{3}/.test(text.slice(at + 1))) {
        bytes.push(number(text.slice(at + 1, at + 4), 255));
        at += 3;
      } else bytes.push(...Buffer.from(text.charAt(++at), 'utf8'));
    }
    at++;
    for (let from = 0; from === 0 || from < bytes.length; from += 255) parts.push(`"${bytes.slice(from, from + 255).map(escaped).join('')}"`);
  }
  if (parts.length === 0) throw new Malformed('malformed');
  return parts.join(' ');
}

function escaped(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString().padStart(3, '0')}`;
}
