import { createServer, request, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Stands before a provider's API, adds the latency of a far provider to each call, and counts. */
export type SlowProxy = { url: string; calls(): number; firstCallAtMs(): number | null; reset(): void; close(): Promise<void> };

export async function startSlowProxy(targetUrl: string, latencyMs: number): Promise<SlowProxy> {
  const target = new URL(targetUrl);
  let calls = 0;
  let firstAtMs: number | null = null;
  const server = createServer((incoming, outgoing) => {
    calls += 1;
    firstAtMs ??= performance.now();
    void forward(incoming).catch(() => outgoing.destroy());
    async function forward(message: IncomingMessage): Promise<void> {
      const body: Buffer[] = [];
      for await (const chunk of message) body.push(chunk as Buffer);
      await pause(latencyMs);
      const upstream = request({ host: target.hostname, port: target.port, method: message.method, path: message.url, headers: message.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      upstream.on('error', () => outgoing.destroy());
      upstream.end(Buffer.concat(body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`, calls: () => calls, firstCallAtMs: () => firstAtMs,
    reset: () => { calls = 0; firstAtMs = null; },
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
}
