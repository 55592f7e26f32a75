import { describe, expect, it } from '@jest/globals';
import { movableClock, type Secret } from '@connect/domain';
import { AccessTokens } from './access-tokens.js';

const signal = new AbortController().signal;
const textOf = (token: Secret<string>): string => token.open((text) => text);

function open(ask?: (signal: AbortSignal) => Promise<void>): { tokens: AccessTokens; clock: ReturnType<typeof movableClock>; asked(): number } {
  const clock = movableClock('2026-11-25T12:00:00Z');
  let count = 0;
  const tokens = new AccessTokens(async (each) => {
    count++;
    const mine = count;
    await ask?.(each);
    return { token: `token-${mine}`, seconds: 3_600 };
  }, clock);
  return { tokens, clock, asked: () => count };
}

describe('access tokens', () => {
  it('are asked for once, however many calls wait, and kept', async () => {
    const { tokens, asked } = open();

    const all = await Promise.all([tokens.current(signal), tokens.current(signal), tokens.current(signal)]);

    expect([...all, await tokens.current(signal)].map(textOf)).toEqual(['token-1', 'token-1', 'token-1', 'token-1']);
    expect(asked()).toBe(1);
  });

  it('are renewed five minutes before they end, and when our clock was set back', async () => {
    const { tokens, clock, asked } = open();
    await tokens.current(signal);

    clock.advance(54 * 60_000);
    await tokens.current(signal);
    expect(asked()).toBe(1);
    clock.advance(60_000);
    await tokens.current(signal);
    expect(asked()).toBe(2);
    clock.advance(-120_000);
    await tokens.current(signal);
    expect(asked()).toBe(3);
  });

  it('that were dropped are not used again; one that came later stays', async () => {
    const { tokens } = open();
    const first = await tokens.current(signal);
    tokens.drop(first);
    const second = await tokens.current(signal);
    tokens.drop(first);

    expect([second, await tokens.current(signal)].map(textOf)).toEqual(['token-2', 'token-2']);
  });

  it('are asked for by a call that waited for another one, which was given up', async () => {
    const controller = new AbortController();
    const { tokens } = open((each) => new Promise((resolve, reject) => {
      if (each === controller.signal) each.addEventListener('abort', () => reject(new TypeError('given up')));
      else resolve();
    }));

    const givenUp = tokens.current(controller.signal);
    const other = tokens.current(signal);
    controller.abort();

    await expect(givenUp).rejects.toThrow('given up');
    expect(textOf(await other)).toBe('token-2');
  });
});
