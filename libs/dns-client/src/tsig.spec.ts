import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ownerName, type OwnerName } from '@connect/domain';
import { encodeResponse } from './message.js';
import { parseTsigKey, type TsigKey } from './tsig-key.js';
import { signTsigAnswer, verifyTsigRequest } from './tsig-server.js';
import { signTsig, tsigChain, verifyTsig } from './tsig.js';
import { decodeUpdate, encodeUpdate, type UpdateMessage } from './update.js';

/** Vectors that two independent implementations computed and verified, November 2026. */
const timeSeconds = 1_795_000_000;
const now = new Date(timeSeconds * 1000);
const challenge = ownerName('_acme-challenge.example.org');
const update: UpdateMessage = {
  id: 0x1234, zone: ownerName('example.org'),
  prerequisites: [{ kind: 'set_exists', ownerName: ownerName('example.org'), type: 'SOA' }, { kind: 'set_absent', ownerName: challenge, type: 'CNAME' }],
  updates: [{ kind: 'add', ownerName: challenge, type: 'TXT', ttlSeconds: 60, value: '"tok"' }],
};
const secretText = 'c2VjcmV0LWtleS1mb3ItdGVzdGluZy1vbmx5LTMyYnl0ZXM=';
const sha256Key = parseTsigKey(`hmac-sha256:update-key.:${secretText}`);
const sha512Key = parseTsigKey(`hmac-sha512:update-key.:${secretText}`);
const compressed = Buffer.from(
  '123428000001000200010001076578616d706c65036f72670000060001c00c000600ff0000000000000f5f61636d652d6368616c6c656e6765c00c000500fe000000000000c029001000010000003c000403746f6b'
  + '0a7570646174652d6b65790000fa00ff00000000003d0b686d61632d7368613235360000006afd86c0012c0020eb57704e3e1289a8af20df798e82fbb95616796c113cdc1b69ae89ed243b5293123400000000', 'hex');
const uncompressed = '123428000001000200010001076578616d706c65036f72670000060001076578616d706c65036f726700000600ff0000000000000f5f61636d652d6368616c6c656e6765076578616d706c65036f726700000500fe'
  + '0000000000000f5f61636d652d6368616c6c656e6765076578616d706c65036f726700001000010000003c000403746f6b0a7570646174652d6b65790000fa00ff00000000003d0b686d61632d7368613235360000006afd86c0012c0020'
  + 'aac2008c941d27fbaeb2a0237df1f7f384d2fccc66f34667f1c070b50089fe52123400000000';
const sha512Mac = '33f64a58d4a06b6ca13b64ca6ce92e9275da8c3f5dd98ad12b1ab16e6e6e519c609bfc9834c7fb0f3b631c892c18d4fd5732e1d2ddcc3c6a0231ef5ae7a27c7c';

function finder(key: TsigKey): (name: OwnerName) => TsigKey | undefined {
  return (name) => (name === key.name ? key : undefined);
}

function answerTo(id: number, rcode: 'NOERROR' | 'NOTAUTH' = 'NOERROR'): Buffer {
  return encodeResponse({ id, opcode: 5, rcode });
}

describe('a TSIG signature', () => {
  it('is the golden one with hmac-sha256', () => {
    const signed = signTsig(encodeUpdate(update), sha256Key, { timeSeconds });

    expect(signed.message.toString('hex')).toBe(uncompressed);
    expect(signed.mac.toString('hex')).toBe('aac2008c941d27fbaeb2a0237df1f7f384d2fccc66f34667f1c070b50089fe52');
  });

  it('is the golden one with hmac-sha512', () => {
    const signed = signTsig(encodeUpdate(update), sha512Key, { timeSeconds });

    expect(signed.message).toHaveLength(249);
    expect(signed.mac.toString('hex')).toBe(sha512Mac);
  });

  it('of the golden message with compressed names is verified and its content understood', () => {
    const check = verifyTsigRequest(compressed, finder(sha256Key), now);

    expect(check.outcome).toBe('verified');
    expect(decodeUpdate(compressed)).toEqual(update);
  });

  it.each(['hmac-sha1', 'hmac-sha224', 'hmac-sha384', 'hmac-md5', 'HMAC-MD5.SIG-ALG.REG.INT.'])('with %s is verified by the other side', (algorithm) => {
    const key = parseTsigKey(`${algorithm}:Update-Key:${secretText}`);

    const { message } = signTsig(encodeUpdate(update), key, { timeSeconds });

    expect(verifyTsigRequest(message, finder(key), now).outcome).toBe('verified');
  });

  it('no longer fits when any octet of the message changes', () => {
    const { message } = signTsig(encodeUpdate(update), sha256Key, { timeSeconds });
    const outcomes = new Set<string>();
    for (let at = 2; at < message.length; at++) { // 0 and 1 are the id, see below
      const changed = Buffer.from(message);
      changed[at]! ^= 0x01;
      try {
        outcomes.add(verifyTsigRequest(changed, finder(sha256Key), now).outcome);
      } catch (error) {
        expect(error).toMatchObject({ code: 'malformed_answer' });
      }
    }

    expect(outcomes).toContain('refused');
    expect(outcomes).not.toContain('verified');
  });

  it('still fits when a forwarder changes the id, since the original id is what is signed', () => {
    const { message } = signTsig(encodeUpdate(update), sha256Key, { timeSeconds });
    message.writeUInt16BE(0x4321, 0);

    expect(verifyTsigRequest(message, finder(sha256Key), now).outcome).toBe('verified');
  });

  it('of an answer rests on the request that it answers', () => {
    const request = signTsig(encodeUpdate(update), sha256Key, { timeSeconds });
    const answer = signTsigAnswer(answerTo(update.id), verifyTsigRequest(request.message, finder(sha256Key), now), now);

    expect(verifyTsig(answer, sha256Key, request.mac, now).outcome).toBe('verified');
    expect(verifyTsig(answer, sha256Key, createHash('sha256').digest(), now).outcome).toBe('bad_signature');
    expect(verifyTsig(answer, sha512Key, request.mac, now).outcome).toBe('wrong_key');
    expect(verifyTsig(answerTo(update.id), sha256Key, request.mac, now).outcome).toBe('unsigned');
  });

  it('is good for the fudge and not a second longer', () => {
    const { message } = signTsig(encodeUpdate(update), sha256Key, { timeSeconds, fudgeSeconds: 300 });
    const at = (seconds: number): string => verifyTsigRequest(message, finder(sha256Key), new Date(now.getTime() + seconds * 1000)).outcome;

    expect([at(-301), at(-300), at(300), at(301)]).toEqual(['refused', 'verified', 'verified', 'refused']);
  });

  it('that is shortened is refused', () => {
    const { message, mac } = signTsig(answerTo(1), sha256Key, { timeSeconds });
    const at = message.indexOf(mac);
    const shortened = Buffer.concat([message.subarray(0, at - 2), Buffer.from([0, 16]), mac.subarray(0, 16), message.subarray(at + 32)]);
    shortened.writeUInt16BE(message.readUInt16BE(at - 12) - 16, at - 12);
    const rdataLengthAt = at - 2 - 2 - 6 - 'hmac-sha256'.length - 2 - 2;
    shortened.writeUInt16BE(message.readUInt16BE(rdataLengthAt) - 16, rdataLengthAt);
    message.copy(shortened, at - 12, at - 12, at - 2);

    expect(verifyTsig(shortened, sha256Key, null, now).outcome).toBe('bad_signature');
  });
});

describe('a refused signature', () => {
  it('tells the server time for BADTIME, in an answer whose signature is right', () => {
    const serverNow = new Date(now.getTime() + 3_600_000);
    const request = signTsig(encodeUpdate(update), sha256Key, { timeSeconds });

    const refused = verifyTsigRequest(request.message, finder(sha256Key), serverNow);
    const answer = signTsigAnswer(answerTo(update.id, 'NOTAUTH'), refused, serverNow);

    expect(verifyTsig(answer, sha256Key, request.mac, now)).toMatchObject({ outcome: 'verified', error: 'BADTIME', serverTime: serverNow });
  });

  it.each([
    ['BADKEY', 'an unknown name', (): undefined => undefined],
    ['BADKEY', 'another algorithm', (): TsigKey => sha512Key],
    ['BADSIG', 'another secret', (): TsigKey => parseTsigKey('hmac-sha256:update-key.:b3RoZXI=')],
  ] as const)('is %s for %s, in an answer that proves nothing', (error, _what, find) => {
    const request = signTsig(encodeUpdate(update), sha256Key, { timeSeconds });

    const answer = signTsigAnswer(answerTo(update.id, 'NOTAUTH'), verifyTsigRequest(request.message, find, now), now);

    expect(verifyTsig(answer, sha256Key, request.mac, now)).toMatchObject({ outcome: 'unsigned', error });
  });
});

describe('a chain of signed messages', () => {
  const requestMac = signTsig(answerTo(1), sha256Key, { timeSeconds }).mac;
  const first = signTsig(answerTo(1), sha256Key, { timeSeconds, requestMac });

  it('is settled by its first message, and unsettled by an unsigned one after it', () => {
    const chain = tsigChain(sha256Key, requestMac);

    chain.accept(first.message, now);
    const settled = chain.isSettled();
    chain.accept(answerTo(1), now);

    expect([settled, chain.isSettled()]).toEqual([true, false]);
  });

  it('refuses an unsigned first message, a hundredth unsigned one in a row, and a signature that leaves one out', () => {
    const refused = expect.objectContaining({ code: 'unsigned_answer' });
    expect(() => tsigChain(sha256Key, requestMac).accept(answerTo(1), now)).toThrow(refused);

    const chain = tsigChain(sha256Key, requestMac);
    chain.accept(first.message, now);
    for (let i = 0; i < 99; i++) chain.accept(answerTo(1), now);
    expect(() => chain.accept(answerTo(1), now)).toThrow(refused);

    const other = tsigChain(sha256Key, requestMac);
    other.accept(first.message, now);
    expect(() => other.accept(first.message, now)).toThrow(refused);
  });
});
