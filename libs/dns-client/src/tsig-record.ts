import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OwnerName } from '@connect/domain';
import { classAny } from './codes.js';
import { readHeader, readRawRecord } from './message.js';
import { tsigAlgorithms, type TsigKey } from './tsig-key.js';
import { malformed, WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

const tsigType = 250;
const additionalCountAt = 10;

/** The fields of a TSIG record (RFC 8945 4.2). Times in seconds since 1970. `error` is 0 where there is none. */
export type TsigFields = {
  keyName: OwnerName;
  algorithm: OwnerName;
  timeSeconds: number;
  fudgeSeconds: number;
  mac: Buffer;
  originalId: number;
  error: number;
  otherData: Buffer;
};
/** A signed message taken apart: `unsigned` is what was signed, with the original id and without the TSIG record. */
export type SignedMessage = { tsig: TsigFields; unsigned: Buffer };

/** Finds the TSIG record, which is the last one of the message. Null: there is none. Throws `malformed_answer` for one in another place. */
export function takeTsig(message: Buffer): SignedMessage | null {
  const reader = new WireReader(message);
  const { counts } = readHeader(reader);
  for (let i = 0; i < counts[0]; i++) {
    reader.skipName();
    reader.bytes(4);
  }
  const total = counts[1] + counts[2] + counts[3];
  for (let i = 0; i < total; i++) {
    const at = reader.at;
    reader.skipName();
    const type = reader.u16();
    reader.bytes(6);
    reader.bytes(reader.u16());
    if (type !== tsigType) continue;
    if (i !== total - 1 || counts[3] === 0 || reader.left > 0) throw malformed('a TSIG record is not the last one');
    const tsig = readTsig(message, at);
    return { tsig, unsigned: withoutTsig(message, at, tsig.originalId) };
  }
  return null;
}

/** Puts a TSIG record at the end of a message. */
export function appendTsig(unsigned: Buffer, tsig: TsigFields): Buffer {
  const writer = new WireWriter().bytes(unsigned);
  writer.patchU16(additionalCountAt, unsigned.readUInt16BE(additionalCountAt) + 1);
  writer.name(tsig.keyName).u16(tsigType).u16(classAny).u32(0);
  writer.prefixed((at) => {
    at.name(tsig.algorithm).u48(tsig.timeSeconds).u16(tsig.fudgeSeconds).u16(tsig.mac.length).bytes(tsig.mac).u16(tsig.originalId).u16(tsig.error).u16(tsig.otherData.length).bytes(tsig.otherData);
  });
  return writer.finish();
}

/** What stands in the MAC beside the message (RFC 8945 4.3.3). */
export function tsigVariables(tsig: Omit<TsigFields, 'mac' | 'originalId'>): Buffer {
  return new WireWriter().name(tsig.keyName).u16(classAny).u32(0).name(tsig.algorithm).u48(tsig.timeSeconds).u16(tsig.fudgeSeconds).u16(tsig.error)
    .u16(tsig.otherData.length).bytes(tsig.otherData).finish();
}

/** The same for all but the first message of a chain (RFC 8945 5.3.1). */
export function tsigTimers(tsig: Pick<TsigFields, 'timeSeconds' | 'fudgeSeconds'>): Buffer {
  return new WireWriter().u48(tsig.timeSeconds).u16(tsig.fudgeSeconds).finish();
}

/** A MAC that comes before a message, with its length. */
export function priorMac(mac: Buffer): Buffer {
  return new WireWriter().u16(mac.length).bytes(mac).finish();
}

export function macOf(key: TsigKey, parts: Buffer[]): Buffer {
  return key.secret.open((bytes) => {
    const hmac = createHmac(tsigAlgorithms[key.algorithm].hash, bytes);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  });
}

/** Compares in constant time. A shortened MAC (RFC 8945 5.2.2.1) is refused: no server sends one unless it is told to. */
export function isSameMac(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function readTsig(message: Buffer, at: number): TsigFields {
  const { ownerName, classCode, ttl, data } = readRawRecord(new WireReader(message, at));
  if (classCode !== classAny || ttl !== 0) throw malformed('a TSIG record has another class or a TTL');
  const tsig = {
    keyName: ownerName, algorithm: data.name(), timeSeconds: data.u48(), fudgeSeconds: data.u16(), mac: data.bytes(data.u16()), originalId: data.u16(),
    error: data.u16(), otherData: data.bytes(data.u16()),
  };
  data.expectEnd();
  return tsig;
}

/** A forwarder may have changed the id; the original one was signed (RFC 8945 4.3.2). */
function withoutTsig(message: Buffer, at: number, originalId: number): Buffer {
  const unsigned = Buffer.from(message.subarray(0, at));
  unsigned.writeUInt16BE(originalId, 0);
  unsigned.writeUInt16BE(message.readUInt16BE(additionalCountAt) - 1, additionalCountAt);
  return unsigned;
}
