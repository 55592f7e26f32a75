import type { OwnerName } from '@connect/domain';
import type { Consequence, Plan } from './plan.js';

/** Consequences of any write at all, however little it writes. */
const ofEveryWrite: readonly Consequence['code'][] = ['large_change', 'untouchable_set'];

/**
 * What of a plan can be written before anybody is asked (`upsert`): all at names where nothing foreign is concerned. A name is the unit, since the sets at one name stand or
 * fall together. Null where nothing of it is safe.
 */
export function safePart(plan: Plan): Plan | null {
  if (plan.kind !== 'apply' || plan.consequences.some(({ code }) => ofEveryWrite.includes(code))) return null;
  const waiting = new Set([...plan.consequences.map(({ owner_name }) => owner_name), ...plan.foreign.map((key) => key.split(' ')[0] ?? '')]);
  const isSafe = ({ ownerName }: { ownerName: OwnerName }): boolean => !waiting.has(ownerName);
  const changes = plan.changes.filter(isSafe);
  if (changes.length === 0) return null;
  return { ...plan, changes, consequences: [], foreign: [], owns: plan.owns.filter(isSafe), uses: plan.uses.filter(isSafe), letsGo: plan.letsGo.filter(isSafe), isPart: true };
}
