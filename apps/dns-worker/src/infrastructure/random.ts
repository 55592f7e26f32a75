import { randomInt } from 'node:crypto';

const steps = 1_000_000;

/** Evenly spread from 0 up to 1. */
export function random(): number {
  return randomInt(steps) / steps;
}
