import { ConnectError, ownerName, recordValue, txtBytes, txtStrings, type RecordType, type RecordValue } from '@connect/domain';
import { ipv4Bytes, ipv6Bytes } from './ip-text.js';
import { encodeSvcb } from './svcb.js';
import type { WireWriter } from './wire-writer.js';

/**
 * Writes record data from presentation form, names inside it never compressed (RFC 3597 4). Every type may also be given as
 * `\# <octets> <hex>`. Throws `record_invalid`.
 */
export function encodeRdata(writer: WireWriter, type: RecordType, presentation: RecordValue): void {
  if (presentation.startsWith('\\#')) {
    writer.bytes(genericBytes(presentation));
    return;
  }
  const value = recordValue(type, presentation);
  switch (type) {
    case 'A':
      writer.bytes(ipv4Bytes(value));
      return;
    case 'AAAA':
      writer.bytes(ipv6Bytes(value));
      return;
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'DNAME':
      writer.name(ownerName(value));
      return;
    case 'MX':
    case 'AFSDB':
    case 'KX': {
      const [preference, name] = fields(type, value, 2);
      writer.u16(uint(preference, 0xffff)).name(ownerName(name!));
      return;
    }
    case 'SRV': {
      const [priority, weight, port, target] = fields(type, value, 4);
      writer.u16(uint(priority, 0xffff)).u16(uint(weight, 0xffff)).u16(uint(port, 0xffff)).name(ownerName(target!));
      return;
    }
    case 'SOA': {
      const [primary, mailbox, ...numbers] = fields(type, value, 7);
      writer.name(ownerName(primary!)).name(ownerName(mailbox!));
      for (const number of numbers) writer.u32(uint(number, 0xffffffff));
      return;
    }
    case 'TXT':
    case 'SPF':
      for (const string of txtStrings(value)) writer.characterString(string);
      return;
    case 'CAA': {
      const [, flags, tag, text] = matched(type, /^(\d+) ([a-z0-9]+) (.*)$/s, value);
      writer.u8(uint(flags, 255)).characterString(Buffer.from(tag!, 'ascii')).bytes(txtBytes(text!));
      return;
    }
    case 'HTTPS':
    case 'SVCB':
      encodeSvcb(writer, value);
      return;
    case 'TLSA':
    case 'SMIMEA':
      numbersAndHex(writer, type, value, [8, 8, 8]);
      return;
    case 'DS':
    case 'CDS':
      numbersAndHex(writer, type, value, [16, 8, 8]);
      return;
    case 'SSHFP':
      numbersAndHex(writer, type, value, [8, 8]);
      return;
    case 'DNSKEY':
    case 'CDNSKEY': {
      const [, flags, protocol, algorithm, key] = matched(type, /^(\d+)\s+(\d+)\s+(\d+)\s+([A-Za-z0-9+/=\s]+)$/, value);
      writer.u16(uint(flags, 0xffff)).u8(uint(protocol, 255)).u8(uint(algorithm, 255)).bytes(Buffer.from(key!, 'base64'));
      return;
    }
    case 'NAPTR': {
      const [, order, preference, strings, replacement] = matched(type, /^(\d+)\s+(\d+)\s+(.*)\s+(\S+)$/s, value);
      const texts = txtStrings(strings!);
      if (texts.length !== 3) throw invalid(type);
      writer.u16(uint(order, 0xffff)).u16(uint(preference, 0xffff));
      for (const text of texts) writer.characterString(text);
      writer.name(ownerName(replacement!));
      return;
    }
    case 'URI': {
      const [, priority, weight, target] = matched(type, /^(\d+)\s+(\d+)\s+(.*)$/s, value);
      writer.u16(uint(priority, 0xffff)).u16(uint(weight, 0xffff)).bytes(txtBytes(target!));
      return;
    }
    default:
      throw new ConnectError('record_invalid', { detail: `data of type ${type} can be written as \\# <octets> <hex> only` });
  }
}

function genericBytes(presentation: string): Buffer {
  const match = /^\\#\s+(\d+)((?:\s+[0-9a-f]+)*)\s*$/i.exec(presentation);
  const bytes = Buffer.from((match?.[2] ?? '').replaceAll(/\s/g, ''), 'hex');
  if (!match || Number(match[1]) !== bytes.length || match[2]!.replaceAll(/\s/g, '').length !== bytes.length * 2) {
    throw new ConnectError('record_invalid', { detail: 'generic data is \\# <octets> <hex>' });
  }
  return bytes;
}

/** Numbers of 8 or 16 bits, then hex up to the end, which may have spaces in it. */
function numbersAndHex(writer: WireWriter, type: RecordType, value: string, bits: (8 | 16)[]): void {
  const parts = value.split(/\s+/);
  const hex = parts.slice(bits.length).join('');
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(hex)) throw invalid(type);
  bits.forEach((size, index) => {
    if (size === 8) writer.u8(uint(parts[index], 0xff));
    else writer.u16(uint(parts[index], 0xffff));
  });
  writer.bytes(Buffer.from(hex, 'hex'));
}

function fields(type: RecordType, value: string, count: number): string[] {
  const parts = value.trim().split(/\s+/);
  if (parts.length !== count) throw invalid(type);
  return parts;
}

function matched(type: RecordType, pattern: RegExp, value: string): string[] {
  const match = pattern.exec(value);
  if (!match) throw invalid(type);
  return match;
}

function uint(text: string | undefined, max: number): number {
  if (text === undefined || !/^\d+$/.test(text) || Number(text) > max) throw new ConnectError('record_invalid', { detail: `a number between 0 and ${max} is missing` });
  return Number(text);
}

function invalid(type: RecordType): ConnectError {
  return new ConnectError('record_invalid', { detail: `the data of a ${type} record is not in presentation format` });
}
