import type { Dispatcher } from 'undici';

export type ExchangeRequest = { origin: string; path: string; method: string; headers: Record<string, string>; body: string | null };
export type ExchangeLimits = { signal: AbortSignal; timeoutMs: number; maxAnswerBytes: number };

/** How an exchange ended. `failed.sent`: had we begun to write the request to the server? If not, it cannot have had an effect. */
export type ExchangeResult =
  | { kind: 'answered'; status: number; headers: Record<string, string>; body: Buffer }
  | { kind: 'failed'; sent: boolean; reason: 'aborted' | 'timeout' | 'too_large' | 'network'; cause: unknown };

/**
 * One HTTP request over undici's dispatcher. Its low interface is used because only there `onRequestStart` says when the request begins to
 * leave: that is the line between "nothing happened" and "we do not know". Redirects are not followed and nothing is tried again.
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest, limits: ExchangeLimits): Promise<ExchangeResult> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let headers: Record<string, string> = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const timer = setTimeout(() => fail('timeout', null), limits.timeoutMs);
    const onAbort = (): void => fail('aborted', limits.signal.reason);
    if (limits.signal.aborted) return fail('aborted', limits.signal.reason);
    limits.signal.addEventListener('abort', onAbort, { once: true });

    function settle(result: ExchangeResult): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      limits.signal.removeEventListener('abort', onAbort);
      resolve(result);
    }

    function fail(reason: 'aborted' | 'timeout' | 'too_large' | 'network', cause: unknown): void {
      settle({ kind: 'failed', sent: controller !== undefined, reason, cause });
      controller?.abort(new DOMException(reason, 'AbortError'));
    }

    dispatcher.dispatch(
      { origin: request.origin, path: request.path, method: request.method, headers: request.headers, body: request.body, headersTimeout: limits.timeoutMs, bodyTimeout: limits.timeoutMs },
      {
        onRequestStart(started): void {
          // Given up while it waited for a connection: it must not leave any more.
          if (settled) return started.abort(new DOMException('aborted', 'AbortError'));
          controller = started;
        },
        onResponseStart(_controller, statusCode, answerHeaders): void {
          if (statusCode < 200) return;
          status = statusCode;
          headers = Object.fromEntries(Object.entries(answerHeaders).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')]));
        },
        onResponseData(_controller, chunk): void {
          size += chunk.length;
          if (size > limits.maxAnswerBytes) fail('too_large', null);
          else chunks.push(chunk);
        },
        onResponseEnd(): void {
          settle({ kind: 'answered', status, headers, body: Buffer.concat(chunks) });
        },
        onResponseError(_controller, error): void {
          fail('network', error);
        },
      },
    );
  });
}
