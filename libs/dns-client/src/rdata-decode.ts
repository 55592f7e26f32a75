import { quoted, type RecordType, type RecordValue } from '@connect/domain';
import { typeName } from './codes.js';
import { ipv4Text, ipv6Text } from './ip-text.js';
import { decodeSvcb } from './svcb.js';
import { malformed, type WireReader } from './wire-reader.js';

/**
 * Record data from the wire in the canonical form of `@connect/domain`: `recordValue(type, value)` gives the same value again. Types
 * without a row are `\# <octets> <hex>` (RFC 3597 5). Hex is lower case. `reader` spans the record data and is read to its end.
 */
export function decodeRdata(type: RecordType, reader: WireReader): RecordValue {
  const value = decoded(type, reader);
  reader.expectEnd();
  // Hex or base64 at the end may be of no octets.
  return value.trimEnd();
}

function decoded(type: RecordType, reader: WireReader): RecordValue {
  switch (type) {
    case 'A':
      return ipv4Text(reader.bytes(4));
    case 'AAAA':
      return ipv6Text(reader.bytes(16));
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'DNAME':
      return reader.name();
    case 'MX':
    case 'AFSDB':
    case 'KX':
      return `${reader.u16()} ${reader.name()}`;
    case 'SRV':
      return `${reader.u16()} ${reader.u16()} ${reader.u16()} ${reader.name()}`;
    case 'SOA':
      return `${reader.name()} ${reader.name()} ${reader.u32()} ${reader.u32()} ${reader.u32()} ${reader.u32()} ${reader.u32()}`;
    case 'TXT':
    case 'SPF':
      return characterStrings(reader);
    case 'CAA':
      return `${reader.u8()} ${caaTag(reader)} ${quoted(reader.rest())}`;
    case 'HTTPS':
    case 'SVCB':
      return decodeSvcb(reader);
    case 'TLSA':
    case 'SMIMEA':
      return `${reader.u8()} ${reader.u8()} ${reader.u8()} ${hex(reader)}`;
    case 'DS':
    case 'CDS':
      return `${reader.u16()} ${reader.u8()} ${reader.u8()} ${hex(reader)}`;
    case 'SSHFP':
      return `${reader.u8()} ${reader.u8()} ${hex(reader)}`;
    case 'DNSKEY':
    case 'CDNSKEY':
      return `${reader.u16()} ${reader.u8()} ${reader.u8()} ${reader.rest().toString('base64')}`;
    case 'NAPTR':
      return `${reader.u16()} ${reader.u16()} ${string(reader)} ${string(reader)} ${string(reader)} ${reader.name()}`;
    case 'URI':
      return `${reader.u16()} ${reader.u16()} ${quoted(reader.rest())}`;
    case 'RRSIG':
      return signature(reader);
    default: {
      const bytes = reader.rest();
      return bytes.length === 0 ? '\\# 0' : `\\# ${bytes.length} ${bytes.toString('hex')}`;
    }
  }
}

/** Letters and digits, one at least (RFC 8659 4.1); servers refuse to load others. */
function caaTag(reader: WireReader): string {
  const tag = reader.characterString().toString('latin1').toLowerCase();
  if (!/^[a-z0-9]+$/.test(tag)) throw malformed('the tag of a CAA record is not made of letters and digits');
  return tag;
}

function characterStrings(reader: WireReader): string {
  // RFC 1035 asks for one string at least; a server that sends none means the empty text.
  if (reader.left === 0) return '""';
  let text = string(reader);
  while (reader.left > 0) text += ` ${string(reader)}`;
  return text;
}

function string(reader: WireReader): string {
  return quoted(reader.characterString());
}

function hex(reader: WireReader): string {
  return reader.rest().toString('hex');
}

/** Times as seconds since 1970, which RFC 4034 3.2 allows beside the calendar form. */
function signature(reader: WireReader): string {
  const fixed = `${typeName(reader.u16())} ${reader.u8()} ${reader.u8()} ${reader.u32()} ${reader.u32()} ${reader.u32()} ${reader.u16()}`;
  return `${fixed} ${reader.name()} ${reader.rest().toString('base64')}`;
}
