import { randomInt } from 'node:crypto';
import { isWithin, systemClock, type Clock, type OwnerName } from '@connect/domain';
import { rcodeName, type Rcode, type TsigError } from './codes.js';
import { DnsClientError } from './dns-client-error.js';
import { isAnswerTo } from './exchange.js';
import { decodeMessage, encodeQuery, readHeader, type DnsMessage, type DnsQuestion, type DnsRecord } from './message.js';
import { converseOverTcp, type DnsAddress } from './sockets.js';
import { signTsig, tsigChain, verifyTsig } from './tsig.js';
import type { TsigKey } from './tsig-key.js';
import { encodeUpdate, type UpdateMessage } from './update.js';
import { malformed, WireReader } from './wire-reader.js';

/** `timeoutMs` runs from connecting to the whole answer. Default 10000. */
export type SignedOptions = { signal: AbortSignal; timeoutMs?: number; clock?: Clock };

/**
 * `signed`: the answer's own signature was right; an unsigned refusal is normal and proves nothing but failure. `tsigError` is what the server
 * says about our signature; `serverTime` comes with BADTIME.
 */
export type UpdateAnswer = { rcode: Rcode; tsigError: TsigError | null; signed: boolean; serverTime: Date | null };
export type SignedAnswer = UpdateAnswer & Pick<DnsMessage, 'authoritative' | 'answers' | 'authorities'>;

const defaultTimeoutMs = 10_000;

/**
 * Sends an UPDATE over TCP. Without a key it goes unsigned, for servers that trust an address. A NOERROR without a right signature
 * throws `unsigned_answer`. Every error with `requestSent` leaves the outcome unknown.
 */
export async function sendUpdate(server: DnsAddress, update: Omit<UpdateMessage, 'id'>, key: TsigKey | null, options: SignedOptions): Promise<UpdateAnswer> {
  const request = encodeUpdate({ ...update, id: randomInt(0x10000) });
  const { answer, check } = await askSigned(server, request, key, options, (candidate) => candidate.readUInt16BE(0) === request.readUInt16BE(0));
  const { rcode: number, opcode, flags } = readHeader(new WireReader(answer));
  const rcode = rcodeName(number);
  if ((flags & 0x8000) === 0 || opcode !== 5) throw malformed('the answer is not one to an UPDATE');
  if (key !== null && rcode === 'NOERROR' && !check.signed) throw new DnsClientError('unsigned_answer', 'the server accepts, but its signature is missing or wrong', { requestSent: true });
  return { rcode, ...check };
}

/** A TSIG-signed question over TCP without recursion: a signed answer proves the key. The caller looks at `signed`. */
export async function querySigned(server: DnsAddress, question: DnsQuestion, key: TsigKey, options: SignedOptions): Promise<SignedAnswer> {
  const request = encodeQuery(question, { id: randomInt(0x10000), udpPayloadSize: null });
  const { answer, check } = await askSigned(server, request, key, options, (candidate) => isAnswerTo(request, candidate));
  const { rcode, authoritative, answers, authorities } = decodeMessage(answer);
  return { rcode, authoritative, answers, authorities, ...check };
}

export type TransferOptions = SignedOptions & {
  /** More records than that throw `too_large`. Default 200000. */
  maxRecords?: number;
};

/** Made by a server's signing, not by people, and never ours to touch. TYPE65534 is how BIND remembers its signing. */
const signingTypes = new Set(['RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY', 'CDS', 'CDNSKEY', 'TYPE65534']);

/**
 * The whole zone by AXFR over TCP (RFC 5936), from the SOA to the same SOA again, every message under the key's signature. Records of DNSSEC
 * signing and outside the zone are left out; the SOA comes once, first. A refusal comes back as an answer. Default timeout 10 s.
 */
export async function transferZone(server: DnsAddress, zone: OwnerName, key: TsigKey, options: TransferOptions): Promise<{ records: DnsRecord[] } | { refused: UpdateAnswer }> {
  const { signal, clock = systemClock, timeoutMs = defaultTimeoutMs, maxRecords = 200_000 } = options;
  const query = encodeQuery({ ownerName: zone, type: 'AXFR' }, { id: randomInt(0x10000), udpPayloadSize: null });
  const request = signTsig(query, key, { timeSeconds: secondsOf(clock) });
  const chain = tsigChain(key, request.mac);
  const records: DnsRecord[] = [];
  let count = 0;
  let isWhole = false;
  let refused: UpdateAnswer | undefined;

  function takeRecord(record: DnsRecord): void {
    if (isWhole) throw malformed('records follow the end of the transfer');
    if (++count > maxRecords) throw new DnsClientError('too_large', `the zone has more than ${maxRecords} records`, { requestSent: true });
    const isApexSoa = record.type === 'SOA' && record.ownerName === zone;
    if (count === 1 && !isApexSoa) throw malformed('the transfer does not begin with the SOA');
    if (count > 1 && isApexSoa) isWhole = true;
    else if (!signingTypes.has(record.type) && isWithin(record.ownerName, zone)) records.push(record);
  }

  await converseOverTcp(server, request.message, (answer) => {
    if (answer.length < 12 || answer.readUInt16BE(0) !== query.readUInt16BE(0)) throw malformed('the answer is to another question');
    const message = decodeMessage(answer);
    if (message.rcode !== 'NOERROR') {
      if (count > 0) throw malformed('the server broke the transfer off');
      refused = { rcode: message.rcode, ...checkOf(answer, key, request.mac, clock) };
      return 'done';
    }
    chain.accept(answer, clock.now());
    message.answers.forEach(takeRecord);
    return isWhole && chain.isSettled() ? 'done' : 'more';
  }, { signal, timeoutMs });
  return refused === undefined ? { records } : { refused };
}

type SignatureFacts = Omit<UpdateAnswer, 'rcode'>;

async function askSigned(server: DnsAddress, request: Buffer, key: TsigKey | null, options: SignedOptions, isAnswer: (candidate: Buffer) => boolean): Promise<{ answer: Buffer; check: SignatureFacts }> {
  const { signal, clock = systemClock, timeoutMs = defaultTimeoutMs } = options;
  const signed = key === null ? { message: request, mac: Buffer.alloc(0) } : signTsig(request, key, { timeSeconds: secondsOf(clock) });
  let answer: Buffer | undefined;
  await converseOverTcp(server, signed.message, (candidate) => {
    if (candidate.length < 12 || !isAnswer(candidate)) throw malformed('the answer is to another question');
    answer = candidate;
    return 'done';
  }, { signal, timeoutMs });
  if (answer === undefined) throw new DnsClientError('connection_lost', 'no answer came', { requestSent: true });
  return { answer, check: key === null ? { signed: false, tsigError: null, serverTime: null } : checkOf(answer, key, signed.mac, clock) };
}

function checkOf(answer: Buffer, key: TsigKey, requestMac: Buffer, clock: Clock): SignatureFacts {
  const { outcome, error, serverTime } = verifyTsig(answer, key, requestMac, clock.now());
  return { signed: outcome === 'verified', tsigError: error, serverTime };
}

function secondsOf(clock: Clock): number {
  return Math.floor(clock.now().getTime() / 1000);
}
