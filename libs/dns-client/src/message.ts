import type { OwnerName, RecordType, RecordValue } from '@connect/domain';
import { classIn, rcodeName, rcodeNumber, typeCode, typeName, type Rcode } from './codes.js';
import { decodeRdata } from './rdata-decode.js';
import { encodeRdata } from './rdata-encode.js';
import { malformed, WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

/** One record: `value` in the canonical form of `@connect/domain`. */
export type DnsRecord = { ownerName: OwnerName; type: RecordType; ttlSeconds: number; value: RecordValue };
export type DnsQuestion = { ownerName: OwnerName; type: RecordType };
/** What the other side says of itself by EDNS (RFC 6891); extended errors are codes of RFC 8914. */
export type Edns = { udpPayloadSize: number; dnssecOk: boolean; extendedErrors: number[] };

export type DnsMessage = {
  id: number;
  isResponse: boolean;
  opcode: number;
  rcode: Rcode;
  authoritative: boolean;
  truncated: boolean;
  recursionDesired: boolean;
  recursionAvailable: boolean;
  authenticData: boolean;
  questions: DnsQuestion[];
  answers: DnsRecord[];
  authorities: DnsRecord[];
  /** Without OPT and TSIG, which are no data. */
  additionals: DnsRecord[];
  edns: Edns | null;
};

export const flag = { response: 0x8000, authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100, recursionAvailable: 0x0080, authenticData: 0x0020, checkingDisabled: 0x0010 } as const;
export const headerOctets = 12;

export type Header = { id: number; flags: number; opcode: number; rcode: number; counts: [question: number, answer: number, authority: number, additional: number] };

export function readHeader(reader: WireReader): Header {
  const [id, flags] = [reader.u16(), reader.u16()];
  return { id, flags, opcode: (flags >> 11) & 0xf, rcode: flags & 0xf, counts: [reader.u16(), reader.u16(), reader.u16(), reader.u16()] };
}

/** A record before its data is understood. `data` spans the record data. */
export type RawRecord = { ownerName: OwnerName; typeCode: number; classCode: number; ttl: number; data: WireReader };

export function readRawRecord(reader: WireReader): RawRecord {
  return { ownerName: reader.name(), typeCode: reader.u16(), classCode: reader.u16(), ttl: reader.u32(), data: reader.part(reader.u16()) };
}

/** Understands a whole query or response. Records of another class than IN are left out. Throws `malformed_answer`. */
export function decodeMessage(message: Buffer): DnsMessage {
  const reader = new WireReader(message);
  const { id, flags, opcode, rcode, counts } = readHeader(reader);
  const questions: DnsQuestion[] = [];
  for (let i = 0; i < counts[0]; i++) {
    const ownerName = reader.name();
    questions.push({ ownerName, type: typeName(reader.u16()) });
    reader.u16();
  }
  const answers = readRecords(reader, counts[1]);
  const authorities = readRecords(reader, counts[2]);
  const additionals: DnsRecord[] = [];
  let edns: Edns | null = null;
  let extendedRcode = 0;
  for (let i = 0; i < counts[3]; i++) {
    const raw = readRawRecord(reader);
    if (raw.typeCode === 41) {
      extendedRcode = raw.ttl >>> 24;
      edns = { udpPayloadSize: raw.classCode, dnssecOk: (raw.ttl & 0x8000) !== 0, extendedErrors: extendedErrors(raw.data) };
    } else if (raw.typeCode !== 250 && raw.classCode === classIn) {
      additionals.push(recordOf(raw));
    }
  }
  return {
    id, opcode, rcode: rcodeName((extendedRcode << 4) | rcode), isResponse: (flags & flag.response) !== 0, authoritative: (flags & flag.authoritative) !== 0,
    truncated: (flags & flag.truncated) !== 0, recursionDesired: (flags & flag.recursionDesired) !== 0, recursionAvailable: (flags & flag.recursionAvailable) !== 0,
    authenticData: (flags & flag.authenticData) !== 0, questions, answers, authorities, additionals, edns,
  };
}

export type QueryOptions = {
  /** Ask a resolver to find the answer. Default false: what does this server itself know? */
  recursionDesired?: boolean;
  /** Ask for signatures (DO, RFC 3225). Default false. */
  dnssecOk?: boolean;
  /** Ask a resolver not to judge signatures (CD, RFC 4035). Default false. */
  checkingDisabled?: boolean;
};

/** `udpPayloadSize` is what we can take; null sends no EDNS, for servers from before it. */
export function encodeQuery(question: DnsQuestion, options: QueryOptions & { id: number; udpPayloadSize: number | null }): Buffer {
  let flags = 0;
  // AD in a question asks a resolver to report whether it validated (RFC 6840 5.7).
  if (options.recursionDesired) flags |= flag.recursionDesired | flag.authenticData;
  if (options.checkingDisabled) flags |= flag.checkingDisabled;
  const writer = new WireWriter().u16(options.id).u16(flags).u16(1).u16(0).u16(0).u16(options.udpPayloadSize === null ? 0 : 1);
  writer.name(question.ownerName).u16(typeCode(question.type)).u16(classIn);
  if (options.udpPayloadSize !== null) writer.u8(0).u16(41).u16(options.udpPayloadSize).u32(options.dnssecOk ? 0x8000 : 0).u16(0);
  return writer.finish();
}

export type ResponseInput = {
  id: number;
  opcode?: number;
  rcode: Rcode;
  authoritative?: boolean;
  truncated?: boolean;
  recursionDesired?: boolean;
  recursionAvailable?: boolean;
  questions?: DnsQuestion[];
  answers?: DnsRecord[];
  authorities?: DnsRecord[];
  additionals?: DnsRecord[];
  /** Set when the question came with EDNS. */
  udpPayloadSize?: number;
};

/** A response, as a small server of ours gives it. Names are not compressed. */
export function encodeResponse(response: ResponseInput): Buffer {
  const { questions = [], answers = [], authorities = [], additionals = [] } = response;
  let flags = flag.response | ((response.opcode ?? 0) << 11) | (rcodeNumber(response.rcode) & 0xf);
  for (const name of ['authoritative', 'truncated', 'recursionDesired', 'recursionAvailable'] as const) if (response[name]) flags |= flag[name];
  const hasEdns = response.udpPayloadSize !== undefined;
  const writer = new WireWriter().u16(response.id).u16(flags).u16(questions.length).u16(answers.length).u16(authorities.length).u16(additionals.length + (hasEdns ? 1 : 0));
  for (const question of questions) writer.name(question.ownerName).u16(typeCode(question.type)).u16(classIn);
  for (const record of [...answers, ...authorities, ...additionals]) writeRecord(writer, record);
  if (hasEdns) writer.u8(0).u16(41).u16(response.udpPayloadSize!).u32(((rcodeNumber(response.rcode) >> 4) << 24) >>> 0).u16(0);
  return writer.finish();
}

export function writeRecord(writer: WireWriter, record: DnsRecord, classCode: number = classIn): void {
  writer.name(record.ownerName).u16(typeCode(record.type)).u16(classCode).u32(record.ttlSeconds);
  writer.prefixed((at) => encodeRdata(at, record.type, record.value));
}

export function recordOf(raw: RawRecord): DnsRecord {
  const type = typeName(raw.typeCode);
  // A TTL with the highest bit set means zero (RFC 2181 8).
  return { ownerName: raw.ownerName, type, ttlSeconds: raw.ttl > 0x7fffffff ? 0 : raw.ttl, value: decodeRdata(type, raw.data) };
}

function readRecords(reader: WireReader, count: number): DnsRecord[] {
  const records: DnsRecord[] = [];
  for (let i = 0; i < count; i++) {
    const raw = readRawRecord(reader);
    if (raw.classCode === classIn) records.push(recordOf(raw));
  }
  return records;
}

function extendedErrors(options: WireReader): number[] {
  const codes: number[] = [];
  while (options.left > 0) {
    const code = options.u16();
    const option = options.part(options.u16());
    if (code !== 15) continue;
    if (option.left < 2) throw malformed('an extended error has no code');
    codes.push(option.u16());
  }
  return codes;
}
