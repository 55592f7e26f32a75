import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { withDeadline } from './with-deadline.js';

const whenAborted = (signal: AbortSignal): Promise<string> => new Promise((resolve) => {
  if (signal.aborted) resolve('aborted');
  signal.addEventListener('abort', () => resolve('aborted'));
});

describe('work with a deadline', () => {
  it('ends with its own deadline, or with what stops everything', async () => {
    const stop = new AbortController();
    const stopped = withDeadline(stop.signal, 60_000, whenAborted);
    stop.abort();

    expect(await stopped).toBe('aborted');
    expect(await withDeadline(stop.signal, 60_000, whenAborted)).toBe('aborted');
    expect(await withDeadline(new AbortController().signal, 1, whenAborted)).toBe('aborted');
  });

  it('leaves nothing behind on a signal that lives as long as the process', async () => {
    const stop = new AbortController();
    const sizes = (): number[] => Object.getOwnPropertySymbols(stop.signal).map((symbol) => (Reflect.get(stop.signal, symbol) as { size?: number } | null)?.size ?? 0);
    const before = Math.max(0, ...sizes());

    for (let i = 0; i < 50; i++) await withDeadline(stop.signal, 60_000, async () => i);

    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
    expect(Math.max(0, ...sizes())).toBe(before);
  });
});
