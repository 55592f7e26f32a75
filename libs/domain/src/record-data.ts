import { ConnectError } from './connect-error.js';
import { ownerName } from './names.js';
import { svcbParameters } from './svcb-parameters.js';

/**
 * Record data in the house's one form: canonical presentation format (RFC 1035 5.1), names absolute and lower case, IP
 * addresses compressed by RFC 5952, TXT as one or more quoted character strings of at most 255 octets with `\"`, `\\` and
 * `\DDD` (decimal) escapes. A type that is not known here is kept as it was read.
 */
export type RecordValue = string;
export type RecordType = string;

/** Types whose data the product can write. Others are read, kept and never written. */
export const writableTypes = ['A', 'AAAA', 'CNAME', 'ALIAS', 'MX', 'TXT', 'CAA', 'SRV', 'HTTPS', 'SVCB', 'NS'] as const;
export type WritableType = (typeof writableTypes)[number];

/** Makes canonical data from what a template, a customer or a provider gives in presentation form. */
export function recordValue(type: RecordType, presentation: string): RecordValue {
  const text = presentation.trim();
  switch (type) {
    case 'A':
      return ipv4(text);
    case 'AAAA':
      return ipv6(text);
    case 'CNAME':
    case 'ALIAS':
    case 'NS':
    case 'PTR':
      return ownerName(text);
    case 'MX': {
      const [preference, exchange] = fields(type, text, 2);
      return `${uint(preference, 65535)} ${ownerName(exchange)}`;
    }
    case 'SRV': {
      const [priority, weight, port, target] = fields(type, text, 4);
      return `${uint(priority, 65535)} ${uint(weight, 65535)} ${uint(port, 65535)} ${ownerName(target)}`;
    }
    case 'CAA': {
      const match = /^(\d+)\s+([a-zA-Z0-9]+)\s+(.*)$/s.exec(text);
      if (!match) throw invalid(type);
      return `${uint(match[1], 255)} ${match[2]!.toLowerCase()} ${quoted(bytesOfStrings(match[3]!))}`;
    }
    case 'HTTPS':
    case 'SVCB': {
      const [, priority, target, rest] = /^(\S+)\s+(\S+)(.*)$/s.exec(text) ?? [];
      const parameters = svcbParameters(rest ?? '');
      if (target === undefined || parameters === null) throw invalid(type);
      return `${uint(priority, 65535)} ${target === '.' ? '.' : ownerName(target)} ${parameters}`.trimEnd();
    }
    case 'TXT':
    case 'SPF':
      return stringsOf(text).map(quoted).join(' ');
    default:
      return text;
  }
}

/** TXT data from plain text (UTF-8), split into strings of at most 255 octets. '' is one empty string. */
export function txtValue(text: string): RecordValue {
  return txtValueOfBytes(Buffer.from(text, 'utf8'));
}

export function txtValueOfBytes(bytes: Uint8Array): RecordValue {
  const strings: string[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 255) strings.push(quoted(bytes.subarray(at, at + 255)));
  return strings.join(' ');
}

/** The character strings of TXT data. Throws `record_invalid` if the text is not in presentation form. */
export function txtStrings(value: RecordValue): Buffer[] {
  return stringsOf(value);
}

/** All octets of TXT data, joined, as its readers join them (RFC 7208 3.3). */
export function txtBytes(value: RecordValue): Buffer {
  return Buffer.concat(stringsOf(value));
}

/** TXT data as plain text. Octets that are no UTF-8 become U+FFFD: for showing and for reading SPF, never for writing. */
export function txtText(value: RecordValue): string {
  return txtBytes(value).toString('utf8');
}

/** One quoted character string, ASCII only: `"a\"b\195\164"`. */
export function quoted(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${byte.toString().padStart(3, '0')}`;
  }
  return `${text}"`;
}

/**
 * What makes two values the same to a resolver's user: TXT strings are joined, so `"ab"` and `"a" "b"` are equal; parameters of HTTPS and
 * SVCB have no order and no quotes on the wire (RFC 9460 2.2). Values are compared by this key and written in the form in which they were read.
 */
export function valueKey(type: RecordType, value: RecordValue): string {
  switch (type) {
    case 'TXT':
    case 'SPF':
      // One string of plain characters is its own key, and most are.
      return /^"[ !#-[\]-~]*"$/.test(value) ? value : quoted(txtBytes(value));
    case 'HTTPS':
    case 'SVCB': {
      const [priority, target, ...parameters] = value.split(' ');
      return [priority, target, ...parameters.map((parameter) => parameter.replace(/^([a-z0-9-]+)="(.*)"$/, '$1=$2')).sort()].join(' ');
    }
    default:
      return value;
  }
}

export function sameValue(type: RecordType, a: RecordValue, b: RecordValue): boolean {
  return a === b || valueKey(type, a) === valueKey(type, b);
}

function stringsOf(text: string): Buffer[] {
  const strings: Buffer[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const read = text.charAt(at) === '"' ? readString(text, at + 1, '"') : readString(text, at, ' ');
    if (read.bytes.length > 255 && text.charAt(at) !== '"') throw invalid('TXT');
    for (let i = 0; i === 0 || i < read.bytes.length; i += 255) strings.push(read.bytes.subarray(i, i + 255));
    at = read.next;
  }
  if (strings.length === 0) strings.push(Buffer.alloc(0));
  return strings;
}

function bytesOfStrings(text: string): Buffer {
  return Buffer.concat(stringsOf(text));
}

function readString(text: string, start: number, end: '"' | ' '): { bytes: Buffer; next: number } {
  const parts: Buffer[] = [];
  let plainFrom = start;
  let at = start;
  const takePlain = (): void => void parts.push(Buffer.from(text.slice(plainFrom, at), 'utf8'));
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === end || (end === ' ' && /\s/.test(char))) {
      takePlain();
      return { bytes: Buffer.concat(parts), next: at + 1 };
    }
    if (char !== '\\') continue;
    takePlain();
    const decimal = /^\d{3}/.exec(text.slice(at + 1, at + 4));
    if (decimal) {
      const byte = Number(decimal[0]);
      if (byte > 255) throw invalid('TXT');
      parts.push(Buffer.of(byte));
      at += 3;
    } else {
      at += 1;
      parts.push(Buffer.from(text.charAt(at), 'utf8'));
    }
    plainFrom = at + 1;
  }
  if (end === '"') throw invalid('TXT');
  takePlain();
  return { bytes: Buffer.concat(parts), next: at };
}

function ipv4(text: string): string {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) throw invalid('A');
  return text;
}

function ipv6(text: string): string {
  // The WHATWG URL parser canonicalises IPv6 by RFC 5952.
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !URL.canParse(`http://[${text}]/`)) throw invalid('AAAA');
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

function fields<N extends number>(type: RecordType, text: string, count: N): [string, string, string, string] {
  const parts = text.split(/\s+/);
  if (parts.length !== count) throw invalid(type);
  return parts as [string, string, string, string];
}

function uint(text: string | undefined, max: number): number {
  if (text === undefined || !/^\d+$/.test(text) || Number(text) > max) throw new ConnectError('record_invalid', { detail: `a number between 0 and ${max} is missing` });
  return Number(text);
}

function invalid(type: RecordType): ConnectError {
  return new ConnectError('record_invalid', { detail: `the data of a ${type} record is not in presentation format` });
}
