import { txtStrings } from '@connect/domain';
import * as dnsPacket from 'dns-packet';
import { LocalPartError } from '../local-part-error.js';
import type { TinyAnswer, TinyRecord } from './tiny-zone.js';

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
export type Rcode = keyof typeof rcodes;

export interface TinyQuestion {
  id: number;
  name: string;
  type: string;
  opcode: number;
  isRecursionDesired: boolean;
  /** The largest datagram the asker takes (RFC 6891); 512 without EDNS. */
  maxSizeBytes: number;
  hasEdns: boolean;
}

/** Reads a message. Undefined when it is no question that can be answered at all. */
export function decodeQuestion(message: Buffer): TinyQuestion | undefined {
  if (message.length < 12 || (message.readUInt16BE(2) & 0x8000) !== 0) return undefined;
  const head = { id: message.readUInt16BE(0), opcode: (message.readUInt16BE(2) >> 11) & 15, isRecursionDesired: (message.readUInt16BE(2) & 0x0100) !== 0 };
  try {
    const packet = dnsPacket.decode(message);
    const question = packet.questions?.[0];
    if (question === undefined) return undefined;
    const edns = packet.additionals?.find((record): record is dnsPacket.OptAnswer => record.type === 'OPT');
    const name = `${question.name === '.' ? '' : question.name}.`.toLowerCase();
    return { ...head, name, type: question.type, maxSizeBytes: Math.max(512, edns?.udpPayloadSize ?? 512), hasEdns: edns !== undefined };
  } catch {
    return { ...head, name: '.', type: 'A', opcode: -1, maxSizeBytes: 512, hasEdns: false };
  }
}

/** Writes the answer. One that is larger than `maxSizeBytes` is sent empty with TC, so that the asker comes again by TCP. */
export function encodeAnswer(question: TinyQuestion, answer: TinyAnswer, maxSizeBytes: number): Buffer {
  const message = encode(question, answer, 0);
  if (message.length <= maxSizeBytes) return message;
  return encode(question, { ...answer, answers: [], authorities: [], additionals: [] }, dnsPacket.TRUNCATED_RESPONSE);
}

/** An answer without data: the question is malformed, not implemented here, or not for us. */
export function encodeRefusal(question: TinyQuestion, rcode: Rcode): Buffer {
  const message = Buffer.alloc(12);
  message.writeUInt16BE(question.id, 0);
  message.writeUInt16BE(0x8000 | (Math.max(0, question.opcode) << 11) | (question.isRecursionDesired ? 0x0100 : 0) | rcodes[rcode], 2);
  return message;
}

function encode(question: TinyQuestion, answer: TinyAnswer, extraFlags: number): Buffer {
  const edns = { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [], extendedRcode: 0, ednsVersion: 0, flag_do: false } as dnsPacket.OptAnswer;
  const flags = (answer.isAuthoritative ? dnsPacket.AUTHORITATIVE_ANSWER : 0) | (question.isRecursionDesired ? dnsPacket.RECURSION_DESIRED : 0) | extraFlags | rcodes[answer.rcode];
  return dnsPacket.encode({
    type: 'response', id: question.id, flags,
    questions: [{ name: wireName(question.name), type: question.type as dnsPacket.RecordType }],
    answers: answer.answers.map(wireRecord),
    authorities: answer.authorities.map(wireRecord),
    additionals: [...answer.additionals.map(wireRecord), ...(question.hasEdns ? [edns] : [])],
  });
}

function wireName(name: string): string {
  return name === '.' ? '.' : name.replace(/\.$/, '');
}

function wireRecord(record: TinyRecord): dnsPacket.Answer {
  return { name: wireName(record.name), type: record.type, ttl: record.ttlSeconds, class: 'IN', data: wireData(record) } as dnsPacket.Answer;
}

function wireData({ type, value }: TinyRecord): unknown {
  const words = value.split(' ');
  const number = (index: number): number => Number(words[index]);
  const name = (index: number): string => wireName(words[index] as string);
  switch (type) {
    case 'A':
    case 'AAAA':
      return value;
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return name(0);
    case 'MX':
      return { preference: number(0), exchange: name(1) };
    case 'SRV':
      return { priority: number(0), weight: number(1), port: number(2), target: name(3) };
    case 'SOA':
      return { mname: name(0), rname: name(1), serial: number(2), refresh: number(3), retry: number(4), expire: number(5), minimum: number(6) };
    case 'TXT':
      return txtStrings(value);
    case 'CAA':
      return { flags: number(0), tag: words[1], value: txtStrings(words.slice(2).join(' ')).join('') };
    case 'DS':
      return { keyTag: number(0), algorithm: number(1), digestType: number(2), digest: Buffer.from(words.slice(3).join(''), 'hex') };
    default:
      // dns-packet would write an unknown type as type 0 without a word.
      throw new LocalPartError('start_failed', `The built-in DNS server has no wire form for ${type} records.`);
  }
}
