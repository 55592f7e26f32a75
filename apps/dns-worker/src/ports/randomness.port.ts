/** For jitter: evenly spread from 0 up to, not including, 1. */
export type Randomness = () => number;
