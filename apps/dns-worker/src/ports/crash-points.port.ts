/** Moments at which a crash must lose nothing. In production nothing happens there; a test kills the process at one of them. */
export type CrashPoint = 'after-turn-taken' | 'before-intent' | 'after-intent' | 'after-write' | 'before-settle' | 'after-settle';

export interface CrashPoints {
  reached(point: CrashPoint): void;
}

export const noCrash: CrashPoints = { reached: () => undefined };
