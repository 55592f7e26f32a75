import type { Clock } from '@connect/domain';
import type { StoredTransportKey, TransportKeyStore } from '../ports/transport-key-store.port.js';

type Kept = StoredTransportKey & { madeAtMs: number; acceptedUntilMs: number };

/** The store of transport keys in memory, on the clock of the test. */
export function memoryTransportKeys(clock: Clock): TransportKeyStore & { readings: number; move(kid: string, to: string): void } {
  const kept: Kept[] = [];
  const nowMs = () => clock.now().getTime();
  const isDue = (rotateAfterSeconds: number) => !kept.some((key) => key.madeAtMs > nowMs() - rotateAfterSeconds * 1000);
  return {
    readings: 0,
    async accepted() {
      this.readings += 1;
      return kept.filter((key) => key.acceptedUntilMs > nowMs()).sort((a, b) => b.madeAtMs - a.madeAtMs);
    },
    isDue: async (rotateAfterSeconds) => isDue(rotateAfterSeconds),
    async rotate(candidate, rotateAfterSeconds, acceptForSeconds) {
      if (!isDue(rotateAfterSeconds)) return false;
      for (const key of kept) key.acceptedUntilMs = Math.min(key.acceptedUntilMs, nowMs() + acceptForSeconds * 1000);
      kept.push({ ...candidate, madeAtMs: nowMs(), acceptedUntilMs: Number.POSITIVE_INFINITY });
      return true;
    },
    move(kid, to) {
      for (const key of kept.filter((each) => each.kid === kid)) key.kid = to;
    },
  };
}
