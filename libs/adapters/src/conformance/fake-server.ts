import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@connect/domain';
import { jsonOf } from '../base/index.js';
import { createOutgoingPolicy, createProviderTransport, type ProviderTransport } from '../transport/index.js';

/** What a fake gets of a request. `query` holds what stands behind the `?`, `peer` is the address that the connection comes from. */
export type FakeRequest = { method: string; path: string; query: URLSearchParams; headers: Record<string, string>; body: string; peer: string };
export type FakeAnswer = { status: number; headers?: Record<string, string>; text: string };

/**
 * What can go wrong between a provider and us, whatever the provider: `unreachable` (closed before anything was done), `lost` (done, and closed
 * without an answer), `silent` (done, and never answered), `html` (a page of something in front of it), `cut` (half of the answer), or an answer
 * of its own.
 */
export type FakeFault = 'unreachable' | 'lost' | 'silent' | 'html' | 'cut' | FakeAnswer;
/** `only`: whom the fault meets; `times`: how often, default 1. */
export type FakeFaultRule = { fault: FakeFault; only?(request: FakeRequest): boolean; times?: number };

export type FakeServer = {
  origin: string;
  port: number;
  /** Every request that came, newest last; credentials are in here, so it is for looking, not for printing. */
  requests: FakeRequest[];
  /** The next request that fits meets the fault. */
  fail(rule: FakeFaultRule): void;
  stop(): Promise<void>;
};

/** A real HTTP server on loopback for a fake: reads requests, injects faults, answers what `handle` says. */
export async function startFakeServer({ port = 0, faults = [], handle }: { port?: number; faults?: readonly FakeFaultRule[]; handle(request: FakeRequest): Promise<FakeAnswer> | FakeAnswer }): Promise<FakeServer> {
  const rules = faults.map((rule) => ({ ...rule, times: rule.times ?? 1 }));
  const requests: FakeRequest[] = [];

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await requestOf(incoming);
    requests.push(request);
    const rule = rules.find(({ times, only }) => times > 0 && (only?.(request) ?? true));
    if (rule === undefined) return send(response, await handle(request));
    rule.times--;
    const { fault } = rule;
    if (fault === 'unreachable') return void incoming.socket.destroy();
    if (fault === 'html') return send(response, { status: 200, headers: { 'content-type': 'text/html' }, text: '<html><body><h1>Just a moment…</h1></body></html>' });
    if (typeof fault !== 'string') return send(response, fault);
    const answer = await handle(request);
    if (fault === 'lost') incoming.socket.destroy();
    if (fault === 'cut') send(response, { ...answer, text: answer.text.slice(0, Math.floor(answer.text.length / 2)) });
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    origin: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    fail: (rule) => void rules.push({ ...rule, times: rule.times ?? 1 }),
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** The real transport of the product; the declared hosts are served by the fakes: `{ 'https://api.provider.example': fake.origin }`. */
export function transportToFakes(origins: Readonly<Record<string, string>>): ProviderTransport {
  return createProviderTransport({ policy: createOutgoingPolicy({ allow: ['127.0.0.0/8'] }), clock: systemClock, reroute: origins });
}

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): FakeAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, text: JSON.stringify(body) };
}

/** A body that is a JSON object; `null` where it is none. */
export function objectOf(text: string): Record<string, unknown> | null {
  const content = jsonOf(text);
  return typeof content === 'object' && content !== null && !Array.isArray(content) ? (content as Record<string, unknown>) : null;
}

async function requestOf(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://fake');
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
  return { method: incoming.method ?? 'GET', path: url.pathname, query: url.searchParams, headers, body: Buffer.concat(chunks).toString('utf8'), peer: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '') };
}

function send(response: ServerResponse, { status, headers = {}, text }: FakeAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
