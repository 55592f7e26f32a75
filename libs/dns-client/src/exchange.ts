import { randomInt } from 'node:crypto';
import { systemClock, type Clock } from '@connect/domain';
import { DnsClientError } from './dns-client-error.js';
import type { Rcode } from './codes.js';
import { decodeMessage, encodeQuery, flag, headerOctets, type DnsMessage, type DnsQuestion, type DnsRecord, type Edns, type QueryOptions } from './message.js';
import { askOverUdp, converseOverTcp, type DnsAddress } from './sockets.js';
import { malformed } from './wire-reader.js';

export type DnsQuery = DnsQuestion & QueryOptions;

export type ExchangeOptions = {
  signal: AbortSignal;
  /** For one question over UDP; halfway it is sent once more. Default 2000. */
  udpTimeoutMs?: number;
  /** From connecting to the whole answer. Default 4000. */
  tcpTimeoutMs?: number;
  /** `auto`: UDP, and TCP when the answer was cut. `udp` gives the cut answer. Default `auto`. */
  transport?: 'auto' | 'tcp' | 'udp';
  /** The largest answer over UDP; 1232 octets pass without fragments nearly everywhere (https://www.dnsflagday.net/2020/). Default 1232. */
  bufferSize?: number;
  clock?: Clock;
};

export type DnsAnswer = {
  rcode: Rcode;
  authoritative: boolean;
  truncated: boolean;
  /** AD: a validating resolver vouches for the answer. Servers with authority do not set it. */
  authenticData: boolean;
  recursionAvailable: boolean;
  answers: DnsRecord[];
  authorities: DnsRecord[];
  additionals: DnsRecord[];
  /** Null where the server does not speak EDNS. */
  edns: Edns | null;
  /** The one that the answer came over. */
  transport: 'udp' | 'tcp';
  elapsedMs: number;
  server: DnsAddress;
  /** The message as it came, for who checks signatures: they are over octets. */
  wire: Buffer;
};

/**
 * Asks one server one question and gives what it says, also a negative answer. UDP first, TCP when the answer was cut; a server that does
 * not understand EDNS is asked once more without it (RFC 6891 7). Throws {@link DnsClientError}.
 */
export async function exchange(server: DnsAddress, query: DnsQuery, options: ExchangeOptions): Promise<DnsAnswer> {
  const { clock = systemClock } = options;
  const startedMs = clock.monotonicMs();
  let { message, transport, wire } = await askOnce(server, query, options, options.bufferSize ?? 1232);
  if (message.edns === null && (message.rcode === 'FORMERR' || message.rcode === 'NOTIMP')) ({ message, transport, wire } = await askOnce(server, query, options, null));
  const { rcode, authoritative, truncated, authenticData, recursionAvailable, answers, authorities, additionals, edns } = message;
  return {
    rcode, authoritative, truncated, authenticData, recursionAvailable, answers, authorities, additionals, edns,
    transport, elapsedMs: clock.monotonicMs() - startedMs, server, wire,
  };
}

type Heard = { message: DnsMessage; transport: 'udp' | 'tcp'; wire: Buffer };

async function askOnce(server: DnsAddress, query: DnsQuery, options: ExchangeOptions, udpPayloadSize: number | null): Promise<Heard> {
  const { signal, transport = 'auto' } = options;
  const question = encodeQuery(query, { ...query, id: randomInt(0x10000), udpPayloadSize });
  if (transport !== 'tcp') {
    const answer = await askOverUdp(server, question, (candidate) => isAnswerTo(question, candidate), { signal, timeoutMs: options.udpTimeoutMs ?? 2_000 });
    const isTruncated = (answer.readUInt16BE(2) & flag.truncated) !== 0;
    if (!isTruncated || transport === 'udp') {
      const wire = isTruncated ? headerAndQuestion(answer, question) : answer;
      return { message: decodeMessage(wire), transport: 'udp', wire };
    }
  }
  let heard: Heard | undefined;
  await converseOverTcp(server, question, (answer) => {
    if (!isAnswerTo(question, answer)) throw malformed('the answer is to another question');
    heard = { message: decodeMessage(answer), transport: 'tcp', wire: answer };
    return 'done';
  }, { signal, timeoutMs: options.tcpTimeoutMs ?? 4_000 });
  if (heard === undefined) throw new DnsClientError('connection_lost', 'no answer came', { requestSent: true });
  return heard;
}

/**
 * Same id, and same question without regard to case. A server that did not understand the question may leave it out of its answer
 * (RFC 9619, and FORMERR in general).
 */
export function isAnswerTo(query: Buffer, answer: Buffer): boolean {
  if (answer.length < headerOctets || answer.readUInt16BE(0) !== query.readUInt16BE(0) || (answer.readUInt16BE(2) & flag.response) === 0) return false;
  const questions = answer.readUInt16BE(4);
  if (questions === 0) return (answer.readUInt16BE(2) & 0xf) !== 0;
  const end = questionEnd(query);
  if (questions !== 1 || answer.length < end) return false;
  for (let at = headerOctets; at < end; at++) if (lower(query[at]!) !== lower(answer[at]!)) return false;
  return true;
}

/** A cut answer may be cut anywhere; what is sure of it are the header and the question. */
function headerAndQuestion(answer: Buffer, query: Buffer): Buffer {
  const cut = Buffer.from(answer.subarray(0, Math.min(answer.length, questionEnd(query))));
  cut.fill(0, 6, headerOctets);
  return cut;
}

function questionEnd(query: Buffer): number {
  let at = headerOctets;
  while (query[at] !== 0) at += query[at]! + 1;
  return at + 5;
}

/** Lengths of labels are below 64 and so are no letters. */
function lower(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
}
