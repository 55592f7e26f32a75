/** The only source of time. Shared instants between processes come from Postgres `now()`; durations from `monotonicMs`. */
export interface Clock {
  /** The present UTC instant. */
  now(): Date;
  /** Milliseconds on a clock that never goes back; only differences mean anything. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** A clock for tests that moves only when told to. */
export function movableClock(start: string | Date = '2026-01-01T00:00:00.000Z'): Clock & { advance(ms: number): void } {
  let instantMs = new Date(start).getTime();
  let monotonic = 0;
  return {
    now: () => new Date(instantMs),
    monotonicMs: () => monotonic,
    advance(ms: number): void {
      instantMs += ms;
      monotonic += ms;
    },
  };
}
