import type { ChangeOutcome } from '@connect/adapters/spi';
import { recordSetKey, type Change, type ErrorCode } from '@connect/domain';

/** What a write came to for one plan. `applied`: keys of its sets that were written all the same. */
export type WriteResult = { status: 'applied' } | { status: 'unknown' } | { status: 'refused'; code: ErrorCode; detail: string | null; applied: ReadonlySet<string> };

/** A set without an outcome is unknown: nobody said that it was not written. */
export function resultOf(changes: readonly Change[], outcomes: readonly ChangeOutcome[]): WriteResult {
  const bySet = new Map(outcomes.map((outcome) => [recordSetKey(outcome.change), outcome]));
  const mine = changes.map((change) => ({ key: recordSetKey(change), outcome: bySet.get(recordSetKey(change)) }));
  if (mine.some(({ outcome }) => outcome === undefined || outcome.status === 'unknown')) return { status: 'unknown' };
  const refusal = mine.find(({ outcome }) => outcome?.status === 'refused')?.outcome;
  if (refusal === undefined) return { status: 'applied' };
  return { status: 'refused', code: refusal.code ?? 'provider_protocol', detail: refusal.detail, applied: new Set(mine.filter(({ outcome }) => outcome?.status === 'applied').map(({ key }) => key)) };
}
