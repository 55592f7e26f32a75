import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ConnectError, ignoreFailure, problemOf, type ErrorCode } from '@connect/domain';
import type { Metrics } from './metrics.js';

/** Resolves when the part works, rejects when not. */
export type ReadinessCheck = { name: string; check: () => Promise<unknown> };
/** Answers a request and returns true, or returns false where the path is not its own. */
export type InnerRoute = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
export type InnerServerSettings = { address: string; port: number; metrics: Metrics; checks: ReadinessCheck[]; routes?: InnerRoute[] };

const checkTimeoutMs = 1_000;
const ownPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
const ownMethods = 'GET, HEAD, OPTIONS';

/** /healthz (the process lives), /readyz (every check holds), /metrics, on the inner port; nothing of it is meant for the public. */
export class InnerServer {
  private readonly server: Server;
  private draining = false;

  constructor(private readonly settings: InnerServerSettings) {
    this.server = createServer((request, response) => void this.answer(request, response).catch(() => this.end(response, 500, { status: 'failed' })));
  }

  /** Starts to listen and returns the address, `http://127.0.0.1:<port>`. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.settings.port, this.settings.address, () => resolve());
    });
    const bound = this.server.address();
    if (bound === null || typeof bound === 'string') throw new ConnectError('internal', { detail: 'the inner server has no port' });
    const { address, port, family } = bound;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** From now on /readyz answers 503, so that no new work is sent here. */
  drain(): void {
    this.draining = true;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (ownPaths.has(path)) return this.answerOwn(path, request, response);
    for (const route of this.settings.routes ?? []) {
      if (await route(request, response)) return;
    }
    this.refuse(response, 'not_found');
  }

  /** A HEAD is answered as a GET: Node leaves the body out. */
  private async answerOwn(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') return void response.writeHead(204, { allow: ownMethods }).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.refuse(response, 'method_not_allowed', { allow: ownMethods });
    if (path === '/healthz') return this.end(response, 200, { status: 'alive' });
    if (path === '/readyz') return this.answerReadiness(response);
    response.writeHead(200, { 'content-type': this.settings.metrics.contentType });
    response.end(await this.settings.metrics.metrics());
  }

  private async answerReadiness(response: ServerResponse): Promise<void> {
    const checks = await Promise.all(this.settings.checks.map(async ({ name, check }) => [name, await isWell(check)] as const));
    const isReady = !this.draining && checks.every(([, well]) => well);
    this.end(response, isReady ? 200 : 503, { status: this.draining ? 'draining' : isReady ? 'ready' : 'not_ready', checks: Object.fromEntries(checks.map(([name, well]) => [name, well ? 'ok' : 'failing'])) });
  }

  private refuse(response: ServerResponse, code: ErrorCode, headers: Record<string, string> = {}): void {
    const problem = problemOf(code);
    response.writeHead(problem.status, { 'content-type': 'application/problem+json', ...headers });
    response.end(`${JSON.stringify(problem)}\n`);
  }

  private end(response: ServerResponse, status: number, body: unknown): void {
    if (!response.headersSent) response.writeHead(status, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(body)}\n`);
  }
}

async function isWell(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => { timer = setTimeout(() => resolve(false), checkTimeoutMs); });
  try {
    return await Promise.race([check().then(() => true), late]);
  } catch (error) {
    ignoreFailure(error, 'the answer is that the part does not work');
    return false;
  } finally {
    clearTimeout(timer);
  }
}
