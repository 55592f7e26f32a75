import { afterEach, describe, expect, it } from '@jest/globals';
import { ConnectError, secret } from '@connect/domain';
import { assertAbsent, canary } from '@connect/testing';
import { childTraceparent, Counter, createLogger, createMetrics, currentTraceId, currentTraceparent, InnerServer, nestLogger, withTrace, type InnerServerSettings } from './index.js';

function logger(): { log: ReturnType<typeof createLogger>; lines: Record<string, unknown>[]; text: () => string } {
  const written: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ service: 'spec', level: 'debug', destination: { write: (line) => { written.push(line); lines.push(JSON.parse(line) as Record<string, unknown>); } } });
  return { log, lines, text: () => written.join('') };
}

describe('the log', () => {
  it('is one JSON line with service, level and time', () => {
    const { log, lines } = logger();

    log.info({ zone: 'example.com.' }, 'zone read');

    expect(lines[0]).toMatchObject({ level: 'info', service: 'spec', msg: 'zone read', zone: 'example.com.' });
    expect(new Date(String(lines[0]?.['time'])).getTime()).toBeGreaterThan(0);
  });

  it('shows no secret, in whatever field and error it comes', () => {
    const { log, text } = logger();
    const hidden = canary('log');
    const { value } = hidden;

    log.info({ token: value, credential: { any: value }, request: { authorization: value, headers: { cookie: value } }, held: secret(value) }, 'asked');
    log.warn({ err: Object.assign(new TypeError(`cannot parse ${value}`), { parameters: [value], query: value }) }, 'failed');
    log.warn({ err: new ConnectError('unavailable', { cause: new TypeError(value) }) }, 'failed');
    nestLogger(log).error(new TypeError(value));

    assertAbsent(hidden, text());
  });

  it('carries the trace of the work', () => {
    const { log, lines } = logger();
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    withTrace(parent, () => log.info({}, 'inside'));
    log.info({}, 'outside');

    expect(lines.map((line) => line['trace_id'])).toEqual(['0af7651916cd43dd8448eb211c80319c', undefined]);
  });
});

describe('a trace', () => {
  it('goes on from a header that is in form, and begins anew from any other', () => {
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

    expect(childTraceparent(parent)).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00$/);
    for (const other of [null, '', 'x', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `${parent}-more`]) expect(childTraceparent(other)).toMatch(/^00-(?!0af7)[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect([currentTraceparent(), currentTraceId()]).toEqual([null, null]);
  });
});

describe('the inner port', () => {
  const servers: InnerServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  async function listening(settings: Partial<InnerServerSettings> = {}): Promise<{ server: InnerServer; url: string }> {
    const server = new InnerServer({ address: '127.0.0.1', port: 0, metrics: createMetrics('spec'), checks: [], ...settings });
    servers.push(server);
    return { server, url: await server.listen() };
  }
  async function get(url: string): Promise<[number, string]> {
    const response = await fetch(url);
    return [response.status, await response.text()];
  }

  it('says that it lives, whether it is ready, and which part is not', async () => {
    const { url } = await listening({ checks: [{ name: 'database', check: async () => 1 }, { name: 'bus', check: async () => { throw new ConnectError('unavailable'); } }] });

    expect((await get(`${url}/healthz`))[0]).toBe(200);
    const [status, body] = await get(`${url}/readyz`);
    expect([status, JSON.parse(body)]).toEqual([503, { status: 'not_ready', checks: { database: 'ok', bus: 'failing' } }]);
  });

  it('is not ready while it drains', async () => {
    const { server, url } = await listening();
    const before = await get(`${url}/readyz`);

    server.drain();

    expect([before[0], (await get(`${url}/readyz`))[0]]).toEqual([200, 503]);
  });

  it('shows metrics, and routes of the app, and nothing else', async () => {
    const metrics = createMetrics('spec');
    new Counter({ name: 'things_total', help: 'Things', registers: [metrics] }).inc(3);
    const { url } = await listening({ metrics, routes: [async (request, response) => { if (request.url !== '/own') return false; response.end('own'); return true; }] });

    expect((await get(`${url}/metrics`))[1]).toContain('things_total{service="spec"} 3');
    expect((await get(`${url}/own`))[1]).toBe('own');
    expect((await get(`${url}/other`))[0]).toBe(404);
  });
});
