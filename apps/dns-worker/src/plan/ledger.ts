import { recordSetKey, valueKey, spfTermKey, spfTerms, type OwnerName, type RecordType, type RecordValue } from '@connect/domain';
import type { LedgerValue, Plan } from './plan.js';
import { txtClass } from './txt-class.js';

/** One row: this value of this zone is used by this connection; `owned` where one of us wrote it. */
export type LedgerEntry = LedgerValue & { connectionId: string; role: 'owned' | 'used' };

/** Who owns which value of one zone, over all tenants. Never changed in place. */
export class Ledger {
  private readonly owners = new Map<string, Set<string>>();

  constructor(readonly entries: readonly LedgerEntry[]) {
    for (const entry of entries) {
      if (entry.role !== 'owned') continue;
      const key = keyOf(entry);
      this.owners.set(key, (this.owners.get(key) ?? new Set()).add(entry.connectionId));
    }
  }

  ownedBy(connectionId: string): LedgerEntry[] {
    return this.entries.filter((entry) => entry.connectionId === connectionId && entry.role === 'owned');
  }

  of(connectionId: string): LedgerEntry[] {
    return this.entries.filter((entry) => entry.connectionId === connectionId);
  }

  isOwned(value: Pick<LedgerValue, 'ownerName' | 'type' | 'valueKey'>): boolean {
    return this.owners.has(keyOf(value));
  }

  /** Does the value belong to this connection and to nobody else? */
  isAlone(value: Pick<LedgerValue, 'ownerName' | 'type' | 'valueKey'>, connectionId: string): boolean {
    const owners = this.owners.get(keyOf(value));
    return owners !== undefined && owners.size === 1 && owners.has(connectionId);
  }

  /** The ledger as it will be when the connection's plan is written. */
  after(connectionId: string, plan: Pick<Plan, 'owns' | 'uses' | 'letsGo'>): Ledger {
    const ended = new Set([...plan.letsGo, ...plan.owns, ...plan.uses].map(keyOf));
    const kept = this.entries.filter((entry) => entry.connectionId !== connectionId || !ended.has(keyOf(entry)));
    return new Ledger([
      ...kept,
      ...plan.owns.map((value): LedgerEntry => ({ ...value, connectionId, role: 'owned' })),
      ...plan.uses.map((value): LedgerEntry => ({ ...value, connectionId, role: 'used' })),
    ]);
  }
}

export function ledgerValue(ownerName: OwnerName, type: RecordType, value: RecordValue): LedgerValue {
  return { ownerName, type, valueKey: valueKey(type, value), value };
}

/** How a value stands in the ledger: as itself, or an SPF record as its terms, each owned for itself. */
export function ledgerValuesOf(ownerName: OwnerName, type: RecordType, value: RecordValue): LedgerValue[] {
  if (type !== 'TXT' || txtClass(ownerName, value) !== 'spf') return [ledgerValue(ownerName, type, value)];
  return spfTerms(value).map((term) => spfLedgerValue(ownerName, term));
}

export function spfLedgerValue(ownerName: OwnerName, term: string): LedgerValue {
  return { ownerName, type: 'TXT', valueKey: spfTermKey(term), value: term };
}

export function isSpfTerm({ valueKey: key }: Pick<LedgerValue, 'valueKey'>): boolean {
  return key.startsWith('spf:');
}

function keyOf(value: Pick<LedgerValue, 'ownerName' | 'type' | 'valueKey'>): string {
  return `${recordSetKey(value)} ${value.valueKey}`;
}
