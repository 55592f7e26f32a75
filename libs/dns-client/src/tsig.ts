import type { OwnerName } from '@connect/domain';
import { tsigErrorName, type TsigError } from './codes.js';
import { DnsClientError } from './dns-client-error.js';
import { appendTsig, isSameMac, macOf, priorMac, takeTsig, tsigTimers, tsigVariables, type SignedMessage, type TsigFields } from './tsig-record.js';
import type { TsigKey } from './tsig-key.js';

const noData = Buffer.alloc(0);
/** RFC 8945 5.3.1: so many messages may come unsigned between two signed ones. */
const maxUnsignedMessages = 99;

export type SigningOptions = {
  timeSeconds: number;
  fudgeSeconds?: number;
  /** Of the request that this message answers. */
  requestMac?: Buffer;
  error?: number;
  otherData?: Buffer;
};

/** Signs a message (RFC 8945). Returns it with the TSIG record at its end, and the MAC, which the answer's signature rests on. */
export function signTsig(message: Buffer, key: TsigKey, options: SigningOptions): { message: Buffer; mac: Buffer } {
  const { timeSeconds, fudgeSeconds = 300, requestMac, error = 0, otherData = noData } = options;
  const variables = { keyName: key.name, algorithm: algorithmName(key), timeSeconds, fudgeSeconds, error, otherData };
  const mac = macOf(key, [...(requestMac === undefined ? [] : [priorMac(requestMac)]), message, tsigVariables(variables)]);
  return { message: appendTsig(message, { ...variables, mac, originalId: message.readUInt16BE(0) }), mac };
}

/**
 * `verified`: the MAC is right and the time is within the fudge. Anything else must not be trusted. `error` is what the server says about our
 * signature, also where it could not sign that; `serverTime` comes with BADTIME.
 */
export type TsigCheck = {
  outcome: 'verified' | 'unsigned' | 'wrong_key' | 'bad_signature' | 'bad_time';
  error: TsigError | null;
  serverTime: Date | null;
  mac: Buffer;
};

/** Checks the signature of an answer. `requestMac` is null when `answer` is no answer but a request. */
export function verifyTsig(answer: Buffer, key: TsigKey, requestMac: Buffer | null, now: Date): TsigCheck {
  const signed = takeTsig(answer);
  if (signed === null) return { outcome: 'unsigned', error: null, serverTime: null, mac: noData };
  const parts = [...(requestMac === null ? [] : [priorMac(requestMac)]), signed.unsigned, tsigVariables(signed.tsig)];
  return check(signed, key, parts, now);
}

/** Follows the signatures of an answer in many messages (AXFR). */
export type TsigChain = {
  /** Takes the next message. Throws `unsigned_answer` where a signature is missing or wrong. */
  accept(message: Buffer, now: Date): void;
  /** Was the last message signed? Only then everything so far can be trusted. */
  isSettled(): boolean;
};

export function tsigChain(key: TsigKey, requestMac: Buffer): TsigChain {
  let before = requestMac;
  let isFirst = true;
  let unsigned: Buffer[] = [];
  return {
    accept(message, now) {
      const signed = takeTsig(message);
      if (signed === null) {
        unsigned.push(message);
        if (isFirst || unsigned.length > maxUnsignedMessages) throw new DnsClientError('unsigned_answer', 'a message of the answer lacks its signature', { requestSent: true });
        return;
      }
      const parts = [priorMac(before), ...unsigned, signed.unsigned, isFirst ? tsigVariables(signed.tsig) : tsigTimers(signed.tsig)];
      const result = check(signed, key, parts, now);
      if (result.outcome !== 'verified') throw new DnsClientError('unsigned_answer', `the signature of a message is not right (${result.outcome})`, { requestSent: true });
      before = signed.tsig.mac;
      isFirst = false;
      unsigned = [];
    },
    isSettled: () => !isFirst && unsigned.length === 0,
  };
}

export function algorithmName(key: TsigKey): OwnerName {
  return `${key.algorithm}.` as OwnerName;
}

export function isWithinFudge(tsig: Pick<TsigFields, 'timeSeconds' | 'fudgeSeconds'>, now: Date): boolean {
  return Math.abs(Math.floor(now.getTime() / 1000) - tsig.timeSeconds) <= tsig.fudgeSeconds;
}

function check({ tsig }: SignedMessage, key: TsigKey, parts: Buffer[], now: Date): TsigCheck {
  const facts = { error: tsigErrorName(tsig.error), serverTime: serverTime(tsig), mac: tsig.mac };
  if (tsig.mac.length === 0) return { outcome: 'unsigned', ...facts };
  if (tsig.keyName !== key.name || tsig.algorithm !== algorithmName(key)) return { outcome: 'wrong_key', ...facts };
  if (!isSameMac(macOf(key, parts), tsig.mac)) return { outcome: 'bad_signature', ...facts };
  return { outcome: isWithinFudge(tsig, now) ? 'verified' : 'bad_time', ...facts };
}

/** RFC 8945 5.2.3: with BADTIME the other data is the server's time, 48 bits of seconds. */
function serverTime(tsig: TsigFields): Date | null {
  return tsigErrorName(tsig.error) === 'BADTIME' && tsig.otherData.length === 6 ? new Date(tsig.otherData.readUIntBE(0, 6) * 1000) : null;
}
