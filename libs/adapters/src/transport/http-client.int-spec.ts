import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpClient } from '../spi/index.js';
import { createDispatcher } from './dispatcher.js';
import { createHttpClient, maxAnswerBytes } from './http-client.js';
import { createOutgoingPolicy } from './outgoing-policy.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => { await Promise.all(closing.splice(0).map((close) => close())); });

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ url: string; port: number }> {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

function clientOf(port: number, options: { allow?: string[]; callTimeoutMs?: number; host?: string; lookup?: () => Promise<{ address: string }[]>; reroute?: Record<string, string>; hosts?: string[]; ipv4Hosts?: ReadonlySet<string> } = {}): HttpClient {
  const policy = createOutgoingPolicy({ allow: options.allow ?? ['127.0.0.0/8'], lookup: options.lookup });
  const dispatcher = createDispatcher({ policy, reroute: options.reroute, ipv4Hosts: options.ipv4Hosts });
  closing.push(() => dispatcher.destroy());
  return createHttpClient({
    descriptor: { id: 'test', hosts: options.hosts ?? 'from_credential', callTimeoutMs: options.callTimeoutMs ?? 5_000 },
    servers: [{ protocol: 'http:', host: options.host ?? '127.0.0.1', port }],
    dispatcher,
  });
}

const signal = new AbortController().signal;

describe('the HTTP door of providers', () => {
  it('sends JSON and gives back any status with lower-case headers', async () => {
    const { url, port } = await serve((request, response) => {
      request.setEncoding('utf8').once('data', (body) => response.writeHead(418, { 'X-Limit': '3' }).end(JSON.stringify({ method: request.method, type: request.headers['content-type'], body, path: request.url })));
    });

    const answer = await clientOf(port).request({ method: 'PATCH', url: `${url}/a%2Fb?x=1`, body: { name: 'ü' } }, signal);

    expect([answer.status, answer.headers['x-limit'], answer.json()]).toEqual([418, '3', { method: 'PATCH', type: 'application/json', body: '{"name":"ü"}', path: '/a%2Fb?x=1' }]);
  });

  it.each(['http://127.0.0.2:1/', 'https://127.0.0.1/', 'http://elsewhere.example/'])('refuses %s, which is not declared', async (url) => {
    await expect(clientOf(1).request({ method: 'GET', url }, signal)).rejects.toMatchObject({ code: 'outgoing_denied' });
  });

  it('refuses a credential in the URL and does not repeat it', async () => {
    await expect(clientOf(80).request({ method: 'GET', url: 'http://user:c4nary@127.0.0.1/' }, signal)).rejects.toMatchObject({ code: 'outgoing_denied', message: expect.not.stringContaining('c4nary') });
  });

  it('comes by IPv4 where an allow-list knows no other', async () => {
    const { port } = await serve((request, response) => response.end(JSON.stringify({ from: request.socket.remoteAddress })));
    const lookup = () => Promise.resolve([{ address: '::1' }, { address: '127.0.0.1' }]);
    const open = (options: { ipv4Hosts: ReadonlySet<string>; lookup: () => Promise<{ address: string }[]> }) => clientOf(port, { ...options, allow: ['127.0.0.0/8', '::1/128'], host: 'dns.example.net' }).request({ method: 'GET', url: `http://dns.example.net:${port}` }, signal);
    const ipv4Hosts = new Set(['dns.example.net']);

    expect((await open({ ipv4Hosts, lookup })).json()).toEqual({ from: '127.0.0.1' });
    await expect(open({ ipv4Hosts, lookup: () => Promise.resolve([{ address: '::1' }]) })).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('does not connect to an address that the policy refuses, be it a literal or what a name leads to', async () => {
    let asked = 0;
    const { url, port } = await serve((_, response) => { asked++; response.end('{}'); });

    await expect(clientOf(port, { allow: [] }).request({ method: 'POST', url }, signal)).rejects.toMatchObject({ code: 'outgoing_denied' });
    await expect(clientOf(port, { allow: [], host: 'dns.example.net', lookup: () => Promise.resolve([{ address: '127.0.0.1' }]) }).request({ method: 'POST', url: `http://dns.example.net:${port}` }, signal)).rejects.toMatchObject({ code: 'outgoing_denied' });
    expect(asked).toBe(0);
  });

  it('connects to the address that was checked, not to what the name says a moment later', async () => {
    const { port } = await serve((_, response) => { response.end('{}'); });
    let lookups = 0;
    const lookup = (): Promise<{ address: string }[]> => Promise.resolve([{ address: lookups++ === 0 ? '127.0.0.1' : '169.254.169.254' }]);

    const answer = await clientOf(port, { host: 'dns.example.net', lookup }).request({ method: 'GET', url: `http://dns.example.net:${port}` }, signal);

    expect([answer.status, lookups]).toEqual([200, 1]);
  });

  it('follows no redirect', async () => {
    const paths: (string | undefined)[] = [];
    const { url, port } = await serve((request, response) => { paths.push(request.url); response.writeHead(302, { location: '/elsewhere' }).end(); });

    const answer = await clientOf(port).request({ method: 'GET', url }, signal);

    expect([answer.status, paths]).toEqual([302, ['/']]);
  });

  it('says unavailable where nobody listens, for a write too: nothing was sent', async () => {
    const { port } = await serve(() => undefined);
    await closing.pop()!();

    await expect(clientOf(port).request({ method: 'POST', url: `http://127.0.0.1:${port}` }, signal)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('says outcome_unknown for a write whose connection breaks, unavailable for a read', async () => {
    const { url, port } = await serve((request) => { request.socket.destroy(); });

    await expect(clientOf(port).request({ method: 'POST', url }, signal)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await expect(clientOf(port).request({ method: 'POST', url, safe: true }, signal)).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(clientOf(port).request({ method: 'GET', url }, signal)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('says outcome_unknown for a write whose answer breaks off in the middle', async () => {
    const { url, port } = await serve((request, response) => { response.writeHead(200, { 'content-length': '1000' }); response.write('{"a":', () => request.socket.destroy()); });

    await expect(clientOf(port).request({ method: 'PUT', url }, signal)).rejects.toMatchObject({ code: 'outcome_unknown' });
  });

  it('ends a call that takes longer than the descriptor allows, and asks only once', async () => {
    let asked = 0;
    const { url, port } = await serve(() => { asked++; });

    await expect(clientOf(port, { callTimeoutMs: 80 }).request({ method: 'DELETE', url }, signal)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await expect(clientOf(port, { callTimeoutMs: 80 }).request({ method: 'GET', url }, signal)).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(asked).toBe(2);
  });

  it('ends a connection attempt that hangs as unavailable: nothing was sent', async () => {
    const policy = createOutgoingPolicy({ lookup: () => new Promise(() => undefined) });
    const dispatcher = createDispatcher({ policy });
    closing.push(() => dispatcher.destroy());
    const client = createHttpClient({ descriptor: { id: 'test', hosts: ['api.example.net'], callTimeoutMs: 50 }, servers: [], dispatcher });

    await expect(client.request({ method: 'POST', url: 'https://api.example.net/' }, signal)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('gives up at once when the signal comes, before and after the request left', async () => {
    const controller = new AbortController();
    const { url, port } = await serve(() => controller.abort());

    await expect(clientOf(port).request({ method: 'POST', url }, AbortSignal.abort())).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(clientOf(port).request({ method: 'POST', url }, controller.signal)).rejects.toMatchObject({ code: 'outcome_unknown' });
  });

  it('takes at most 8 MiB', async () => {
    const { url, port } = await serve((_, response) => { response.end(Buffer.alloc(maxAnswerBytes + 1, 32)); });

    await expect(clientOf(port).request({ method: 'GET', url }, signal)).rejects.toMatchObject({ code: 'provider_protocol' });
    await expect(clientOf(port).request({ method: 'POST', url }, signal)).rejects.toMatchObject({ code: 'outcome_unknown' });
  });

  it('calls a body that is no JSON provider_protocol and does not quote it', async () => {
    const { url, port } = await serve((_, response) => { response.end('<html>c4nary</html>'); });

    const answer = await clientOf(port).request({ method: 'GET', url }, signal);

    expect(() => answer.json()).toThrow(expect.objectContaining({ code: 'provider_protocol', message: expect.not.stringContaining('c4nary') }));
  });

  it('does not take what is no HTTP for an answer', async () => {
    const server = createTcpServer((socket) => { socket.resume().end('SSH-2.0-OpenSSH\r\n'); });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => { server.close(() => resolve()); }));
    const { port } = server.address() as AddressInfo;

    await expect(clientOf(port).request({ method: 'GET', url: `http://127.0.0.1:${port}` }, signal)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('leads a declared host to another place in a test world', async () => {
    const { url, port } = await serve((request, response) => { response.end(JSON.stringify({ host: request.headers.host })); });

    const answer = await clientOf(port, { hosts: ['api.example.net'], reroute: { 'https://api.example.net': url } }).request({ method: 'GET', url: 'https://api.example.net/v1' }, signal);

    expect(answer.json()).toMatchObject({ host: expect.any(String) });
  });
});
