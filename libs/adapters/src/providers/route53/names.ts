import { ConnectError, ownerName, quoted, txtStrings, type OwnerName, type RecordValue } from '@connect/domain';

/**
 * Their escapes are octal (`\052` is `*`, `\100` is `@`), ours and a zone file's are decimal: taken one for the other, `\100` would be `d`.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html, verified 2026-11.
 */
const octal = /\\([0-3][0-7]{2})/g;

/** Names come with everything but `a-z0-9-_.` escaped. What may stand in our form as it is, stands as it is. */
export function fromTheirName(text: string): OwnerName {
  return ownerName(text.replaceAll(octal, (_, digits: string) => inOurForm(Number.parseInt(digits, 8))));
}

function inOurForm(byte: number): string {
  const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c;
  return isPlain ? String.fromCharCode(byte) : `\\${byte.toString().padStart(3, '0')}`;
}

/** The wildcard's `*` goes as it is; every other unusual octet goes escaped, which is taken for all of them. */
export function toTheirName(name: OwnerName): string {
  return name.replaceAll(/\\(\d{3})|\\(.)|([^a-z0-9\-_.])/gs, (_, decimal: string | undefined, escaped: string | undefined, raw: string | undefined, at: number) => {
    if (raw === '*' && at === 0 && name.startsWith('*.')) return '*';
    return decimal === undefined ? octalOf(Buffer.from(escaped ?? raw ?? '', 'utf8')) : octalOf([Number(decimal)]);
  });
}

function octalOf(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** Character strings (TXT, the value of CAA) in our form. Throws `record_invalid` where they are not quoted as documented. */
export function fromTheirStrings(text: string): RecordValue {
  const strings = [...text.matchAll(/\s*"((?:[^"\\]|\\.)*)"\s*/gsy)];
  if (strings.length === 0 || strings.reduce((length, [whole]) => length + whole.length, 0) !== text.length) throw new ConnectError('record_invalid', { detail: 'character strings are quoted' });
  return strings.map(([, inner]) => quoted(bytesOf(inner!))).join(' ');
}

function bytesOf(inner: string): Buffer {
  const parts = inner.split(/(\\[0-3][0-7]{2}|\\.)/s).map((part) => {
    if (/^\\[0-3][0-7]{2}$/.test(part)) return Buffer.of(Number.parseInt(part.slice(1), 8));
    return Buffer.from(part.startsWith('\\') ? part.slice(1) : part, 'utf8');
  });
  return Buffer.concat(parts);
}

export function toTheirStrings(value: RecordValue): string {
  return txtStrings(value).map((bytes) => `"${[...bytes].map(inTheirForm).join('')}"`).join(' ');
}

function inTheirForm(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : octalOf([byte]);
}
