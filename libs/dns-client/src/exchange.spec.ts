import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName } from '@connect/domain';
import { exchange, type DnsQuery, type ExchangeOptions } from './exchange.js';
import { decodeMessage, encodeQuery, encodeResponse, type ResponseInput } from './message.js';
import { framed, tcpServer, udpServer, type FakeServer } from './test-servers.fake.js';

const toStop: FakeServer[] = [];
afterEach(async () => { await Promise.all(toStop.splice(0).map((server) => server.stop())); });
function keep(server: FakeServer): FakeServer {
  toStop.push(server);
  return server;
}

const query: DnsQuery = { ownerName: ownerName('www.example.org'), type: 'A' };
const found = [{ ownerName: query.ownerName, type: 'A', ttlSeconds: 60, value: '192.0.2.1' }];

function options(more: Partial<ExchangeOptions> = {}): ExchangeOptions {
  return { signal: new AbortController().signal, udpTimeoutMs: 1_000, tcpTimeoutMs: 1_000, ...more };
}

function answerTo(question: Buffer, response: Partial<ResponseInput> = {}): Buffer {
  const { id, questions } = decodeMessage(question);
  return encodeResponse({ id, questions, rcode: 'NOERROR', authoritative: true, answers: found, udpPayloadSize: 1232, ...response });
}

describe('a question to one server', () => {
  it('is not recursive, carries EDNS, and its answer is told in canonical form', async () => {
    const server = keep(await udpServer((question, reply) => reply(answerTo(question))));

    const answer = await exchange(server, query, options());

    expect(answer).toMatchObject({ rcode: 'NOERROR', authoritative: true, truncated: false, authenticData: false, answers: found, authorities: [], additionals: [], transport: 'udp' });
    expect(answer.elapsedMs).toBeGreaterThan(0);
    expect(decodeMessage(server.questions[0]!)).toMatchObject({ recursionDesired: false, edns: { udpPayloadSize: 1232, dnssecOk: false } });
  });

  it('asks a resolver for recursion, signatures and no judgement when told to', async () => {
    const server = keep(await udpServer((question, reply) => reply(answerTo(question))));

    await exchange(server, { ...query, recursionDesired: true, dnssecOk: true, checkingDisabled: true }, options());

    expect(server.questions[0]!.readUInt16BE(2)).toBe(0x0130);
    expect(decodeMessage(server.questions[0]!).edns?.dnssecOk).toBe(true);
  });

  it('works over IPv6', async () => {
    const server = keep(await udpServer((question, reply) => reply(answerTo(question)), { ip: '::1' }));

    expect((await exchange(server, query, options())).answers).toEqual(found);
  });

  it('drops what is not its answer: another id, another question, no response', async () => {
    const server = keep(await udpServer((question, reply) => {
      const { id } = decodeMessage(question);
      const forged = [{ ...found[0]!, value: '203.0.113.1' }];
      reply(answerTo(question, { id: id ^ 1, answers: forged }));
      reply(answerTo(question, { questions: [{ ...query, ownerName: ownerName('other.example.org') }], answers: forged }));
      reply(answerTo(question, { questions: [{ ...query, type: 'AAAA' }], answers: forged }));
      reply(question);
      reply(Buffer.alloc(3));
      reply(answerTo(question));
    }));

    expect((await exchange(server, query, options())).answers).toEqual(found);
  });

  it('is recognised in its answer whatever the case of its letters', async () => {
    const server = keep(await udpServer((question, reply) => {
      const answer = answerTo(question);
      answer.write('WwW', 13);
      reply(answer);
    }));

    expect((await exchange(server, query, options())).answers).toEqual(found);
  });

  it('is asked over TCP when the answer over UDP was cut', async () => {
    const tcp = keep(await tcpServer((question, reply) => reply(answerTo(question))));
    const udp = keep(await udpServer((question, reply) => reply(answerTo(question, { truncated: true, answers: [] }).subarray(0, 40)), { port: tcp.port }));

    expect(await exchange(udp, query, options())).toMatchObject({ transport: 'tcp', truncated: false, answers: found });
    expect(await exchange(udp, query, options({ transport: 'udp' }))).toMatchObject({ transport: 'udp', truncated: true, answers: [] });
    expect(await exchange(tcp, query, options({ transport: 'tcp' }))).toMatchObject({ transport: 'tcp', answers: found });
    expect(udp.questions).toHaveLength(2);
  });

  it('takes an answer over TCP that comes octet by octet', async () => {
    const server = keep(await tcpServer((question, _reply, socket) => {
      socket.setNoDelay(true);
      for (const octet of framed(answerTo(question))) socket.write(Buffer.from([octet]));
    }));

    expect((await exchange(server, query, options({ transport: 'tcp' }))).answers).toEqual(found);
  });

  it('is asked once more without EDNS where the server does not understand that', async () => {
    const server = keep(await udpServer((question, reply) => {
      const { id, edns } = decodeMessage(question);
      if (edns === null) reply(answerTo(question, { udpPayloadSize: undefined }));
      else reply(encodeResponse({ id, rcode: 'FORMERR' }));
    }));

    expect(await exchange(server, query, options())).toMatchObject({ rcode: 'NOERROR', answers: found, edns: null });
  });

  it('survives the loss of one datagram', async () => {
    const server = keep(await udpServer((question, reply) => { if (server.questions.length === 2) reply(answerTo(question)); }));

    expect((await exchange(server, query, options({ udpTimeoutMs: 200 }))).answers).toEqual(found);
  });

  it('tells an extended error and a rcode beyond the header', async () => {
    const server = keep(await udpServer((question, reply) => {
      const bad = answerTo(question, { rcode: 'RCODE16', answers: [] });
      const optionLengthAt = bad.length - 2;
      bad.writeUInt16BE(6, optionLengthAt);
      reply(Buffer.concat([bad, Buffer.from([0, 15, 0, 2, 0, 18])]));
    }));

    expect(await exchange(server, query, options())).toMatchObject({ rcode: 'RCODE16', edns: { extendedErrors: [18] } });
  });
});

describe('no answer', () => {
  it('within the time is a timeout', async () => {
    const server = keep(await udpServer(() => undefined));
    const silent = keep(await tcpServer(() => undefined));

    await expect(exchange(server, query, options({ udpTimeoutMs: 30 }))).rejects.toMatchObject({ code: 'timeout', requestSent: true });
    await expect(exchange(silent, query, options({ transport: 'tcp', tcpTimeoutMs: 30 }))).rejects.toMatchObject({ code: 'timeout', requestSent: true });
  });

  it('because nobody listens is a refused connection', async () => {
    const server = await tcpServer(() => undefined);
    await server.stop();

    await expect(exchange(server, query, options())).rejects.toMatchObject({ code: 'refused_connection' });
    await expect(exchange(server, query, options({ transport: 'tcp' }))).rejects.toMatchObject({ code: 'refused_connection', requestSent: false });
  });

  it('because the caller gave up is aborted, before and during', async () => {
    const server = keep(await udpServer(() => abort.abort()));
    const abort = new AbortController();

    await expect(exchange(server, query, options({ signal: abort.signal }))).rejects.toMatchObject({ code: 'aborted', requestSent: true });
    await expect(exchange(server, query, options({ signal: abort.signal }))).rejects.toMatchObject({ code: 'aborted', requestSent: false });
    expect(server.questions).toHaveLength(1);
  });

  it('because the connection was closed is a lost connection', async () => {
    const server = keep(await tcpServer((question, _reply, socket) => socket.end(framed(answerTo(question)).subarray(0, 20))));

    await expect(exchange(server, query, options({ transport: 'tcp' }))).rejects.toMatchObject({ code: 'connection_lost', requestSent: true });
  });

  it('from what is no address is unreachable, and no name is looked up', async () => {
    await expect(exchange({ ip: 'localhost', port: 53 }, query, options())).rejects.toMatchObject({ code: 'unreachable' });
  });

  it.each([
    ['a record that ends too early', (answer: Buffer) => answer.subarray(0, answer.length - 13)],
    ['a name that points at itself', (answer: Buffer) => Buffer.concat([answer.subarray(0, 33), Buffer.from([0xc0, 33]), answer.subarray(50)])],
  ])('that can be read, for %s, is malformed', async (_what, spoil) => {
    const server = keep(await udpServer((question, reply) => reply(spoil(answerTo(question)))));

    await expect(exchange(server, query, options())).rejects.toMatchObject({ code: 'malformed_answer' });
  });

  it('to many questions at once leaves no listener on the signal they share', async () => {
    const server = keep(await udpServer((question, reply) => reply(answerTo(question))));
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...given: Parameters<typeof add>): void => { listeners++; add(...given); };
    signal.removeEventListener = (...given: Parameters<typeof remove>): void => { listeners--; remove(...given); };

    await Promise.all(Array.from({ length: 50 }, () => exchange(server, query, options({ signal }))));

    expect(listeners).toBe(0);
  });
});

describe('a message of any octets', () => {
  it('is understood or malformed, and never takes long', () => {
    const query = encodeQuery({ ownerName: ownerName('a.example'), type: 'TXT' }, { id: 1, udpPayloadSize: 1232 });
    for (let at = 0; at < query.length; at++) {
      for (const octet of [0, 0x3f, 0x40, 0xc0, 0xff]) {
        const changed = Buffer.from(query);
        changed[at] = octet;
        try {
          decodeMessage(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: 'malformed_answer' });
        }
      }
    }
  });
});
