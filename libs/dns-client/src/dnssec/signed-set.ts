import { ownerName, type OwnerName, type RecordType } from '@connect/domain';
import { classIn, typeName } from '../codes.js';
import { readHeader, readRawRecord, type RawRecord } from '../message.js';
import { decodeRdata } from '../rdata-decode.js';
import { rdataOf } from '../rdata.js';
import { WireReader } from '../wire-reader.js';
import { WireWriter } from '../wire-writer.js';

/** One signature over a record set (RFC 4034 3). Instants are seconds since 1970 modulo 2^32. */
export type Rrsig = {
  typeCovered: RecordType;
  algorithm: number;
  labels: number;
  originalTtlSeconds: number;
  expiration: number;
  inception: number;
  keyTag: number;
  signer: OwnerName;
  signature: Buffer;
  /** The record data without the signature, with the signer's name in canonical form: what is signed first. */
  head: Buffer;
};

/** A record set as it was sent, with the signatures that came with it. `data` in canonical form (RFC 4034 6.2), not sorted. */
export type SignedSet = { ownerName: OwnerName; type: RecordType; data: Buffer[]; signatures: Rrsig[] };

/** Types whose data holds names that are compressed in messages or compared in lower case (RFC 4034 6.2, corrected by RFC 6840 5.1). Of all others the octets count as they came. */
const withNames: readonly RecordType[] = ['NS', 'CNAME', 'PTR', 'DNAME', 'MX', 'AFSDB', 'KX', 'SRV', 'SOA', 'NAPTR'];

/** The record sets of a message's answer section. Throws `malformed_answer`. */
export function readSignedSets(message: Buffer): SignedSet[] {
  const reader = new WireReader(message);
  const { counts } = readHeader(reader);
  for (let i = 0; i < counts[0]; i++) {
    reader.skipName();
    reader.bytes(4);
  }
  const sets = new Map<string, SignedSet>();
  for (let i = 0; i < counts[1]; i++) {
    const raw = readRawRecord(reader);
    if (raw.classCode !== classIn) continue;
    const signature = typeName(raw.typeCode) === 'RRSIG' ? readRrsig(raw.data) : null;
    const type = signature?.typeCovered ?? typeName(raw.typeCode);
    const key = `${raw.ownerName} ${type}`;
    const set = sets.get(key) ?? { ownerName: raw.ownerName, type, data: [], signatures: [] };
    sets.set(key, set);
    if (signature === null) set.data.push(canonicalData(type, raw));
    else set.signatures.push(signature);
  }
  return [...sets.values()];
}

function readRrsig(data: WireReader): Rrsig {
  const fixed = data.bytes(18);
  const signer = data.name();
  return {
    typeCovered: typeName(fixed.readUInt16BE(0)), algorithm: fixed[2]!, labels: fixed[3]!, originalTtlSeconds: fixed.readUInt32BE(4), expiration: fixed.readUInt32BE(8), inception: fixed.readUInt32BE(12),
    keyTag: fixed.readUInt16BE(16), signer, signature: Buffer.from(data.rest()), head: Buffer.concat([fixed, nameOctets(signer)]),
  };
}

function canonicalData(type: RecordType, raw: RawRecord): Buffer {
  return withNames.includes(type) ? Buffer.from(rdataOf(type, decodeRdata(type, raw.data))) : Buffer.from(raw.data.rest());
}

/** A name on the wire in canonical form: not compressed, lower case. */
export function nameOctets(name: OwnerName): Buffer {
  return new WireWriter().name(ownerName(name)).finish();
}
