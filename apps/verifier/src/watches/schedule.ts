/** When to look again. Dense after a write, because somebody waits; later as often as caches may change their mind, at most hourly. */
export function nextLookInMs(lookedForMs: number, ttlSeconds: number, isDense: boolean): number {
  if (isDense && lookedForMs < 20_000) return 500;
  if (isDense && lookedForMs < 120_000) return 2_000;
  if (isDense && lookedForMs < 600_000) return 5_000;
  return Math.min(3_600_000, Math.max(60_000, ttlSeconds * 1_000));
}

/** A published set that is seen otherwise is looked at once more after this time before anybody is told. */
export const confirmAfterMs = 10_000;

/** When the first of the resolvers forgets what it remembers, with half a second to spare; null where none says. */
export function untilForgottenMs(sights: readonly { secondsLeft: number | null }[]): number | null {
  const left = sights.map((sight) => sight.secondsLeft).filter((seconds) => seconds !== null);
  return left.length === 0 ? null : Math.min(...left) * 1_000 + 500;
}
