import { ConnectError } from '@connect/domain';

export function ipv4Text(bytes: Uint8Array): string {
  return bytes.join('.');
}

export function ipv4Bytes(text: string): Buffer {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) throw invalid('an IPv4 address');
  return Buffer.from(parts.map(Number));
}

/** RFC 5952: lower case, the longest run of two or more zero groups as `::`, the first one of equals; never with a dotted end. */
export function ipv6Text(bytes: Buffer): string {
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(bytes.readUInt16BE(at).toString(16));
  let run = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > run.length) run = { start, length };
  }
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

/** Of an address without a dotted end, as `recordValue` of the domain makes it. */
export function ipv6Bytes(text: string): Buffer {
  const halves = text.split('::');
  const left = groupsOf(halves[0]!);
  const right = groupsOf(halves[1] ?? '');
  const missing = 8 - left.length - right.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) throw invalid('an IPv6 address');
  const bytes = Buffer.alloc(16);
  [...left, ...Array<number>(missing).fill(0), ...right].forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  return bytes;
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').map((group) => {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw invalid('an IPv6 address');
    return Number.parseInt(group, 16);
  });
}

function invalid(what: string): ConnectError {
  return new ConnectError('record_invalid', { detail: `the data of a record lacks ${what}` });
}
