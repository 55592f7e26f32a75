import type { ErrorCode } from '@connect/domain';

/** What a handler says of a message. There is no second scheduler: later means that the bus delivers it again after the delay. */
export type Outcome =
  | { outcome: 'done' }
  | { outcome: 'later'; delayMs: number; reason: string }
  | { outcome: 'dead'; code: ErrorCode; detail: string | null };

/** Its effect is committed. */
export function done(): Outcome {
  return { outcome: 'done' };
}

/** It cannot be handled yet. */
export function later(why: { delayMs: number; reason: string }): Outcome {
  return { outcome: 'later', ...why };
}

/** It can never be handled. */
export function dead(why: { code: ErrorCode; detail?: string }): Outcome {
  return { outcome: 'dead', code: why.code, detail: why.detail ?? null };
}
