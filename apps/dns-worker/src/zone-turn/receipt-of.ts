import { recordSetKey, sameValue, valuesOf, type Change, type ErrorCode, type RecordSet } from '@connect/domain';
import { newId } from '@connect/domain';
import type { PlanProjection, ReceiptProjection, WireForeignLoss } from '@connect/contracts';
import { foreignKey, type Plan } from '../plan/plan.js';
import { ledgerValue } from '../plan/ledger.js';
import type { Replaced } from '../plan/plan-undo.js';
import { wireChange } from '../plan/project-plan.js';
import { txtClass } from '../plan/txt-class.js';
import type { KeptReceipt } from '../ports/records.port.js';
import type { ForeignLoss } from './foreign-losses.js';

const undoMs = 7 * 86_400_000;

export type WrittenPart = { /** Keys of the sets that were written; the others were refused with `code`. */ applied: ReadonlySet<string> | 'all'; code: ErrorCode | null; losses: readonly ForeignLoss[] };

export function receiptOf(plan: Plan, projection: PlanProjection, at: Date, result: WrittenPart = { applied: 'all', code: null, losses: [] }): KeptReceipt {
  const isApplied = (change: Change): boolean => result.applied === 'all' || result.applied.has(recordSetKey(change));
  const written = plan.changes.filter(isApplied);
  const outcomes = plan.changes.map((change): ReceiptProjection['outcomes'][number] => ({
    ...wireChange(change), status: isApplied(change) ? 'applied' : 'refused', code: isApplied(change) ? null : result.code,
  }));
  const canBeUndone = plan.kind === 'apply' && written.length > 0;
  return {
    projection: {
      id: newId('receipt'), plan_id: projection.id, kind: plan.kind, zone: projection.zone, outcomes,
      foreign_losses: wireLosses(plan.changes.map(({ ownerName }) => ownerName), result.losses),
      applied_at: at.toISOString(),
      undo_until: canBeUndone ? new Date(at.getTime() + undoMs).toISOString() : null,
    },
    changes: written,
    replaced: replacedBy(written, new Set(plan.foreign), new Set(plan.ofOthers)),
  };
}

/** Of all losses, those at these names, and wherever they stood those of records that cannot be written: whoever has a share in the write hears of them. */
export function wireLosses(names: readonly string[], losses: readonly ForeignLoss[]): WireForeignLoss[] {
  return losses.filter(({ ownerName, untouchable }) => names.includes(ownerName) || untouchable !== undefined).map(({ ownerName, type, values, putBack }) => ({ owner_name: ownerName, type, values, put_back: putBack }));
}

/** Foreign values that are gone. An SPF record that was extended is not among them: our terms go with the removal. */
function replacedBy(changes: readonly Change[], foreign: ReadonlySet<string>, ofOthers: ReadonlySet<string>): Replaced[] {
  return changes.flatMap((change) => {
    const isIn = (keys: ReadonlySet<string>) => (value: string): boolean => keys.has(foreignKey(ledgerValue(change.ownerName, change.type, value)));
    const values = valuesOf(change).removed.filter((value) => isIn(foreign)(value) && !isExtended(change, value));
    const others = values.filter(isIn(ofOthers));
    return change.before === null || values.length === 0 ? [] : [{ ownerName: change.ownerName, type: change.type, ttlSeconds: change.before.ttlSeconds, values, ...(others.length === 0 ? {} : { ofOthers: others }) }];
  });
}

/** What a removal took away, for whoever has to see it absent: each set once, in how many parts and zones it ever went. */
export function removedBy(changes: readonly Change[]): RecordSet[] {
  const sets = new Map<string, RecordSet>();
  for (const change of changes) {
    const removed = valuesOf(change).removed.filter((value) => !(change.after?.values ?? []).some((other) => sameValue(change.type, other, value)));
    if (change.before === null || removed.length === 0) continue;
    const { values = [] } = sets.get(recordSetKey(change)) ?? {};
    const others = removed.filter((value) => !values.some((known) => sameValue(change.type, known, value)));
    sets.set(recordSetKey(change), { ownerName: change.ownerName, type: change.type, ttlSeconds: change.before.ttlSeconds, values: [...values, ...others] });
  }
  return [...sets.values()];
}

function isExtended({ ownerName, type, after }: Change, value: string): boolean {
  const isSpf = (each: string): boolean => type === 'TXT' && txtClass(ownerName, each) === 'spf';
  return isSpf(value) && (after?.values ?? []).some(isSpf);
}
