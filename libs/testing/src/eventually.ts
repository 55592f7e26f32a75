import { inspect } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  /** What is awaited, for the message: "the connection is live". */
  what?: string;
  timeoutMs?: number;
}

/**
 * Asks again until the answer is neither `undefined`, `null` nor `false`, and returns it. A question that throws (an
 * `expect` inside it, say) counts as "not yet". Fails at the deadline with what was seen last.
 */
export async function eventually<T>(ask: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<NonNullable<Exclude<T, false>>> {
  const timeoutMs = options.timeoutMs ?? 5_000;
  const deadline = performance.now() + timeoutMs;
  for (let intervalMs = 2; ; intervalMs = Math.min(intervalMs * 1.5, 50)) {
    const seen = await look(ask);
    if ('answer' in seen) return seen.answer as NonNullable<Exclude<T, false>>;
    if (performance.now() > deadline) {
      throw new Error(`${options.what ?? 'The condition'} was not met in ${timeoutMs} ms. Last seen: ${seen.instead}`, { cause: seen.error });
    }
    await pause(intervalMs);
  }
}

async function look(ask: () => unknown): Promise<{ answer: unknown } | { instead: string; error?: unknown }> {
  try {
    const answer = await ask();
    const isMet = answer !== undefined && answer !== null && answer !== false;
    return isMet ? { answer } : { instead: inspect(answer) };
  } catch (error) {
    return { instead: error instanceof Error ? error.message : inspect(error), error };
  }
}
