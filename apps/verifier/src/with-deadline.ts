import { setMaxListeners } from 'node:events';

/**
 * Runs the work with a signal that aborts when `stop` does or after `timeoutMs`, and leaves nothing behind on `stop`. `AbortSignal.any` would: Node 20 keeps an entry for each
 * signal that was ever derived from one that lives as long as the process (seen with 20.20: 120,000 looks, 120,000 entries), and a timer until its end.
 */
export async function withDeadline<Result>(stop: AbortSignal, timeoutMs: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const deadline = new AbortController();
  const end = (): void => deadline.abort();
  const timer = setTimeout(end, timeoutMs);
  setMaxListeners(0, stop);
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
  }
}
