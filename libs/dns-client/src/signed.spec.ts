import { afterEach, describe, expect, it } from '@jest/globals';
import { movableClock, ownerName, type OwnerName } from '@connect/domain';
import { decodeMessage, encodeResponse, type DnsRecord } from './message.js';
import { querySigned, sendUpdate, transferZone, type SignedOptions } from './signed.js';
import { tcpServer, type FakeServer } from './test-servers.fake.js';
import { parseTsigKey, type TsigKey } from './tsig-key.js';
import { macOf, priorMac, appendTsig, tsigTimers } from './tsig-record.js';
import { signTsigAnswer, verifyTsigRequest } from './tsig-server.js';
import { algorithmName, signTsig } from './tsig.js';
import { decodeUpdate } from './update.js';

const clock = movableClock('2026-11-25T12:00:00Z');
const timeSeconds = clock.now().getTime() / 1000;
const key = parseTsigKey('hmac-sha256:update-key:c2VjcmV0');
const zone = ownerName('shop.test');
const findKey = (name: OwnerName): TsigKey | undefined => (name === key.name ? key : undefined);

const toStop: FakeServer[] = [];
afterEach(async () => { await Promise.all(toStop.splice(0).map((server) => server.stop())); });
async function server(...given: Parameters<typeof tcpServer>): Promise<FakeServer> {
  const started = await tcpServer(...given);
  toStop.push(started);
  return started;
}
function options(more: Partial<SignedOptions> = {}): SignedOptions {
  return { signal: new AbortController().signal, timeoutMs: 2_000, clock, ...more };
}

const update = { zone, prerequisites: [], updates: [{ kind: 'delete_name' as const, ownerName: ownerName('old.shop.test') }] };
const accepted = (request: Buffer): Buffer => encodeResponse({ id: request.readUInt16BE(0), opcode: 5, rcode: 'NOERROR' });

describe('an update', () => {
  it('reaches the server signed and whole', async () => {
    const outcomes: unknown[] = [];
    const our = await server((request, reply) => {
      const check = verifyTsigRequest(request, findKey, clock.now());
      outcomes.push(check.outcome, decodeUpdate(request).updates);
      reply(signTsigAnswer(accepted(request), check, clock.now()));
    });

    expect(await sendUpdate(our, update, key, options())).toEqual({ rcode: 'NOERROR', tsigError: null, signed: true, serverTime: null });
    expect(outcomes).toEqual(['verified', update.updates]);
  });

  it.each([
    ['unsigned', (answer: Buffer): Buffer => answer],
    ['signed for another request', (answer: Buffer): Buffer => signTsig(answer, key, { timeSeconds, requestMac: Buffer.alloc(32) }).message],
    ['signed an hour ago', (answer: Buffer, mac: Buffer): Buffer => signTsig(answer, key, { timeSeconds: timeSeconds - 3_600, requestMac: mac }).message],
  ])('is not believed to be done when the answer is %s', async (_what, sign) => {
    const our = await server((request, reply) => {
      const check = verifyTsigRequest(request, findKey, clock.now());
      reply(sign(accepted(request), check.outcome === 'verified' ? check.mac : Buffer.alloc(0)));
    });

    await expect(sendUpdate(our, update, key, options())).rejects.toMatchObject({ code: 'unsigned_answer', requestSent: true });
  });

  it('whose answer is lost says that it may have been done', async () => {
    const closing = await server((_request, _reply, socket) => socket.destroy());
    const other = await server((request, reply) => reply(encodeResponse({ id: request.readUInt16BE(0) ^ 1, opcode: 5, rcode: 'NOERROR' })));
    const silent = await server(() => abort.abort());
    const abort = new AbortController();

    await expect(sendUpdate(closing, update, key, options())).rejects.toMatchObject({ code: 'connection_lost', requestSent: true });
    await expect(sendUpdate(other, update, key, options())).rejects.toMatchObject({ code: 'malformed_answer', requestSent: true });
    await expect(sendUpdate(silent, update, key, options({ signal: abort.signal }))).rejects.toMatchObject({ code: 'aborted', requestSent: true });
  });

  it('that cannot be encoded is not sent', async () => {
    const our = await server(() => undefined);

    await expect(sendUpdate(our, { ...update, updates: [{ kind: 'add', ownerName: zone, type: 'A', ttlSeconds: 60, value: '1.2.3' }] }, key, options())).rejects.toMatchObject({ code: 'record_invalid' });
    expect(our.questions).toEqual([]);
  });
});

describe('a signed question', () => {
  it('tells an answer that proves the key from one that does not', async () => {
    const unsigned = await server((request, reply) => {
      const { id, questions } = decodeMessage(request);
      reply(encodeResponse({ id, questions, rcode: 'NOERROR', authoritative: true }));
    });

    expect(await querySigned(unsigned, { ownerName: zone, type: 'SOA' }, key, options())).toMatchObject({ rcode: 'NOERROR', signed: false, tsigError: null });
  });
});

describe('a zone transfer', () => {
  const soa: DnsRecord = { ownerName: zone, type: 'SOA', ttlSeconds: 60, value: 'ns1.shop.test. hostmaster.shop.test. 1 2 3 4 5' };
  const a = (label: string): DnsRecord => ({ ownerName: ownerName(`${label}.shop.test`), type: 'A', ttlSeconds: 60, value: '192.0.2.1' });

  /** Sends one message for each list of records, signed as `plan` says: `s` signed, `-` not. */
  function transferring(lists: DnsRecord[][], plan: string): Promise<FakeServer> {
    return server((request, reply) => {
      const check = verifyTsigRequest(request, findKey, clock.now());
      if (check.outcome !== 'verified') return;
      let before = check.mac;
      let unsigned: Buffer[] = [];
      lists.forEach((answers, index) => {
        const message = encodeResponse({ id: request.readUInt16BE(0), rcode: 'NOERROR', authoritative: true, answers });
        if (plan[index] === '-') {
          unsigned.push(message);
          reply(message);
          return;
        }
        const timers = { timeSeconds, fudgeSeconds: 300 };
        if (index === 0) {
          const signed = signTsig(message, key, { timeSeconds, requestMac: before });
          before = signed.mac;
          reply(signed.message);
        } else {
          const mac = macOf(key, [priorMac(before), ...unsigned, message, tsigTimers(timers)]);
          reply(appendTsig(message, { keyName: key.name, algorithm: algorithmName(key), ...timers, mac, originalId: message.readUInt16BE(0), error: 0, otherData: Buffer.alloc(0) }));
          before = mac;
        }
        unsigned = [];
      });
    });
  }

  it('may have unsigned messages between signed ones', async () => {
    const our = await transferring([[soa, a('one')], [a('two')], [a('three')], [a('four'), soa]], 's--s');

    expect(await transferZone(our, zone, key, options())).toEqual({ records: [soa, a('one'), a('two'), a('three'), a('four')] });
  });

  it('leaves out what lies outside the zone', async () => {
    const our = await transferring([[soa, a('one'), { ...a('x'), ownerName: ownerName('shop.test.evil.example') }, soa]], 's');

    expect(await transferZone(our, zone, key, options())).toEqual({ records: [soa, a('one')] });
  });

  it.each([
    ['its last message is not signed', [[soa, a('one')], [a('two'), soa]], 's-', 'timeout'],
    ['its first message is not signed', [[soa, a('one'), soa]], '-', 'unsigned_answer'],
    ['it does not begin with the SOA', [[a('one'), soa]], 's', 'malformed_answer'],
    ['it begins with another zone’s SOA', [[{ ...soa, ownerName: ownerName('test') }, soa]], 's', 'malformed_answer'],
    ['records follow its end', [[soa, a('one'), soa, a('two')]], 's', 'malformed_answer'],
  ] as [string, DnsRecord[][], string, string][])('is not believed when %s', async (_what, lists, plan, code) => {
    const our = await transferring(lists, plan);

    await expect(transferZone(our, zone, key, options({ timeoutMs: 200 }))).rejects.toMatchObject({ code });
  });

  it('that breaks off is no zone', async () => {
    const our = await server((request, _reply, socket) => {
      const check = verifyTsigRequest(request, findKey, clock.now());
      const answer = signTsigAnswer(encodeResponse({ id: request.readUInt16BE(0), rcode: 'NOERROR', answers: [soa, a('one')] }), check, clock.now());
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.end(Buffer.concat([length, answer]));
    });

    await expect(transferZone(our, zone, key, options())).rejects.toMatchObject({ code: 'connection_lost' });
  });
});
