import { ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { Ledger, ledgerValuesOf, type LedgerEntry } from './ledger.js';
import type { PlanCapabilities, Wishes } from './plan.js';
import type { PlanInput } from './plan-apply.js';
import { ZoneState } from './zone-state.js';

export const apex = ownerName('example.com.');
export const me = 'con_me';

/** `set('shop', 'A', '192.0.2.1')`, relative to example.com; TXT as plain text. */
export function set(name: string, type: string, ...values: string[]): RecordSet {
  return {
    ownerName: name === '@' ? apex : ownerName(`${name}.${apex}`),
    type,
    ttlSeconds: 300,
    values: values.map((value) => (type === 'TXT' ? txtValue(value) : recordValue(type, value))),
  };
}

export function ownedBy(connectionId: string, ...sets: RecordSet[]): LedgerEntry[] {
  return sets.flatMap((each) => each.values.flatMap((value) => ledgerValuesOf(each.ownerName, each.type, value).map((row): LedgerEntry => ({ ...row, connectionId, role: 'owned' }))));
}

export const plain: PlanCapabilities = { apexAlias: 'none', isAtomic: true, mayLose: [], keptTtl: (ttlSeconds) => ttlSeconds };

export function given(existing: RecordSet[], ledger: LedgerEntry[] = [], more: Partial<PlanInput> = {}): PlanInput {
  return { connectionId: me, apex, state: ZoneState.of(existing), ledger: new Ledger(ledger), capabilities: plain, recordSetCount: null, ...more };
}

export function wanting(...recordSets: RecordSet[]): Wishes {
  return { recordSets, policy: 'upsert' };
}
