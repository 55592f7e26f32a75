import { ConnectError, ownerName, quoted, recordValue, txtBytes } from '@connect/domain';
import { ipv4Bytes, ipv4Text, ipv6Bytes, ipv6Text } from './ip-text.js';
import { WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

/** https://www.iana.org/assignments/dns-svcb, verified 2026-11-25. Others are `key<number>`. */
const keyNames = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp'] as const;
const [mandatory, alpn, noDefaultAlpn, port, ipv4hint, ech, ipv6hint, , ohttp] = keyNames;

/** SVCB and HTTPS (RFC 9460) as `1 target. alpn="h2,h3" port="443"`: parameters by number, every value in quotes. */
export function decodeSvcb(reader: WireReader): string {
  const parts = [`${reader.u16()}`, `${reader.name()}`];
  while (reader.left > 0) {
    const key = nameOfKey(reader.u16());
    const value = valueText(key, reader.part(reader.u16()));
    parts.push(value === null ? key : `${key}=${value}`);
  }
  return parts.join(' ');
}

export function encodeSvcb(writer: WireWriter, presentation: string): void {
  const match = /^(\d{1,5})\s+(\S+)(.*)$/s.exec(presentation.trim());
  if (!match || Number(match[1]) > 0xffff) throw invalid('it begins with a priority and a target');
  writer.u16(Number(match[1])).name(match[2] === '.' ? '.' : ownerName(match[2]!));
  const parameters = new Map<number, Buffer>();
  for (const [key, value] of parametersOf(match[3]!)) {
    const number = numberOfKey(key);
    if (parameters.has(number)) throw invalid('a parameter is given twice');
    parameters.set(number, valueBytes(nameOfKey(number), value));
  }
  for (const [key, bytes] of [...parameters].sort(([a], [b]) => a - b)) writer.u16(key).prefixed((at) => at.bytes(bytes));
}

function valueText(key: string, reader: WireReader): string | null {
  switch (key) {
    case mandatory:
      return quotedText(listOf(reader, (at) => nameOfKey(at.u16())).join(','));
    case alpn:
      return withoutSpaces(quoted(Buffer.from(listOf(reader, (at) => at.characterString().toString('latin1').replace(/[\\,]/g, '\\$&')).join(','), 'latin1')));
    case port: {
      const text = `"${reader.u16()}"`;
      reader.expectEnd();
      return text;
    }
    case ipv4hint:
      return quotedText(listOf(reader, (at) => ipv4Text(at.bytes(4))).join(','));
    case ipv6hint:
      return quotedText(listOf(reader, (at) => ipv6Text(at.bytes(16))).join(','));
    case ech:
      return quotedText(reader.rest().toString('base64'));
    default:
      return reader.left === 0 ? null : withoutSpaces(quoted(reader.rest()));
  }
}

function valueBytes(key: string, value: string | null): Buffer {
  const writer = new WireWriter();
  const bytes = value === null ? Buffer.alloc(0) : txtBytes(value);
  const text = bytes.toString('latin1');
  switch (key) {
    case noDefaultAlpn:
    case ohttp:
      if (bytes.length > 0) throw invalid(`${key} has no value`);
      break;
    case mandatory:
      for (const number of text.split(',').map(numberOfKey).sort((a, b) => a - b)) writer.u16(number);
      break;
    case alpn:
      for (const id of text.match(/(?:\\.|[^\\,])+/gs) ?? []) writer.characterString(Buffer.from(id.replace(/\\(.)/gs, '$1'), 'latin1'));
      break;
    case port:
      if (!/^\d{1,5}$/.test(text) || Number(text) > 0xffff) throw invalid('a port is between 0 and 65535');
      writer.u16(Number(text));
      break;
    case ipv4hint:
      for (const address of text.split(',')) writer.bytes(ipv4Bytes(address.trim()));
      break;
    case ipv6hint:
      for (const address of text.split(',')) writer.bytes(ipv6Bytes(recordValue('AAAA', address.trim())));
      break;
    case ech:
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw invalid('ech is base64');
      writer.bytes(Buffer.from(text, 'base64'));
      break;
    default:
      writer.bytes(bytes);
  }
  return Buffer.from(writer.finish());
}

/** `key`, `key=value`, `key="a value"`. The value is left in presentation form. */
function parametersOf(text: string): [string, string | null][] {
  const parameters: [string, string | null][] = [];
  const pattern = /\s+([a-z0-9-]+)(?:=("(?:\\.|[^"\\])*"|(?:\\.|[^\s"\\])*))?(?=\s|$)/gsy;
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    parameters.push([match[1]!, match[2] ?? null]);
    end = pattern.lastIndex;
  }
  if (text.slice(end).trim() !== '') throw invalid('a parameter is not key=value');
  return parameters;
}

function listOf<Item>(reader: WireReader, read: (reader: WireReader) => Item): Item[] {
  const items: Item[] = [];
  while (reader.left > 0) items.push(read(reader));
  return items;
}

/** The domain's form of a value has single spaces only; a space inside a parameter is therefore an escape. */
function withoutSpaces(text: string): string {
  return text.replaceAll(' ', '\\032');
}

function quotedText(text: string): string {
  return `"${text}"`;
}

function nameOfKey(number: number): string {
  return keyNames[number] ?? `key${number}`;
}

function numberOfKey(name: string): number {
  const known = (keyNames as readonly string[]).indexOf(name.trim());
  if (known >= 0) return known;
  const generic = /^key(\d{1,5})$/.exec(name.trim());
  if (!generic || Number(generic[1]) > 0xfffe) throw invalid('a parameter has an unknown key');
  return Number(generic[1]);
}

function invalid(detail: string): ConnectError {
  return new ConnectError('record_invalid', { detail: `the data of an HTTPS or SVCB record is not in presentation format: ${detail}` });
}
