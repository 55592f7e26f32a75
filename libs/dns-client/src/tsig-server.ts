import type { OwnerName } from '@connect/domain';
import { tsigErrorNumber, type TsigError } from './codes.js';
import { algorithmName, isWithinFudge, signTsig } from './tsig.js';
import { appendTsig, isSameMac, macOf, takeTsig, tsigVariables, type TsigFields } from './tsig-record.js';
import type { TsigKey } from './tsig-key.js';

/** What a server finds out about a request's signature. */
export type TsigRequestCheck =
  | { outcome: 'unsigned' }
  | { outcome: 'verified'; key: TsigKey; mac: Buffer }
  | { outcome: 'refused'; error: Extract<TsigError, 'BADKEY' | 'BADSIG' | 'BADTIME'>; tsig: TsigFields; key: TsigKey | null };

/** The server's side of RFC 8945 5.2: key first, then MAC, then time. */
export function verifyTsigRequest(request: Buffer, findKey: (name: OwnerName) => TsigKey | undefined, now: Date): TsigRequestCheck {
  const signed = takeTsig(request);
  if (signed === null) return { outcome: 'unsigned' };
  const { tsig, unsigned } = signed;
  const key = findKey(tsig.keyName);
  if (key === undefined || algorithmName(key) !== tsig.algorithm) return { outcome: 'refused', error: 'BADKEY', tsig, key: null };
  if (!isSameMac(macOf(key, [unsigned, tsigVariables(tsig)]), tsig.mac)) return { outcome: 'refused', error: 'BADSIG', tsig, key };
  if (!isWithinFudge(tsig, now)) return { outcome: 'refused', error: 'BADTIME', tsig, key };
  return { outcome: 'verified', key, mac: tsig.mac };
}

/**
 * Signs the answer to a checked request: as it is for an unsigned one, with a bare TSIG record for BADKEY and BADSIG (whose rcode has to be
 * NOTAUTH), and signed with the server's time for BADTIME (RFC 8945 5.2.3).
 */
export function signTsigAnswer(answer: Buffer, check: TsigRequestCheck, now: Date): Buffer {
  const nowSeconds = Math.floor(now.getTime() / 1000);
  switch (check.outcome) {
    case 'unsigned':
      return answer;
    case 'verified':
      return signTsig(answer, check.key, { timeSeconds: nowSeconds, requestMac: check.mac }).message;
    case 'refused': {
      const { tsig, key, error } = check;
      if (error !== 'BADTIME' || key === null) {
        return appendTsig(answer, { ...tsig, mac: Buffer.alloc(0), error: tsigErrorNumber(error), originalId: answer.readUInt16BE(0), otherData: Buffer.alloc(0) });
      }
      const otherData = Buffer.alloc(6);
      otherData.writeUIntBE(nowSeconds, 0, 6);
      return signTsig(answer, key, { timeSeconds: tsig.timeSeconds, fudgeSeconds: tsig.fudgeSeconds, requestMac: tsig.mac, error: tsigErrorNumber(error), otherData }).message;
    }
  }
}

