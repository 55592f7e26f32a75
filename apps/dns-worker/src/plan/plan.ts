import type { z } from 'zod';
import type { ConflictPolicy, WireConsequence } from '@connect/contracts';
import type { Change, ErrorCode, OwnerName, RecordSet, RecordType, RecordValue } from '@connect/domain';

export type Consequence = z.infer<typeof WireConsequence>;
export type PlanKind = 'apply' | 'remove' | 'undo';

/** A value of the ledger. `valueKey` is the domain's key of the value, or `spf:<term>` for one term of an SPF record. */
export type LedgerValue = { ownerName: OwnerName; type: RecordType; valueKey: string; value: RecordValue };

/**
 * What one connection means to do in a zone, computed from what was read. `changes` are whole sets before and after, but differ by value only.
 * `foreign`: the keys of all values that are not the connection's alone and that the plan takes away.
 */
export type Plan = {
  kind: PlanKind;
  changes: Change[];
  consequences: Consequence[];
  foreign: string[];
  /** Those of them that another connection had written. */
  ofOthers?: string[];
  /** Values that are the connection's after the write: it wrote them, or shares them with whoever of us wrote them. */
  owns: LedgerValue[];
  /** Values that were there before and are the customer's: used, never removed. */
  uses: LedgerValue[];
  /** Ledger rows of the connection that end with the write. */
  letsGo: LedgerValue[];
  /** Before-image: every set at the names that the plan touches or looked at. */
  footprint: RecordSet[];
  /** Why the plan cannot be carried out at all, with or without an approval. */
  refusal: { code: ErrorCode; detail: string } | null;
  /** Below a delegation the zone at hand answers nothing: the search for the zone has to be made again. */
  delegatedAt: OwnerName | null;
  /** It is the safe part of a plan; the rest waits for an approval (`safePart`). */
  isPart?: true;
};

/** What the rules ask of the provider: what it can do, and the TTL that it will keep. */
export type PlanCapabilities = {
  apexAlias: 'none' | 'alias_record' | 'flattened_cname' | 'provider_alias';
  isAtomic: boolean;
  /** Marks of sets that any write of the zone may lose. */
  mayLose: readonly string[];
  keptTtl(ttlSeconds: number): number;
};

export type Wishes = { recordSets: readonly RecordSet[]; policy: ConflictPolicy };

export function foreignKey(value: { ownerName: OwnerName; type: RecordType; valueKey: string }): string {
  return `${value.ownerName} ${value.type} ${value.valueKey}`;
}

export function isEmpty(plan: Plan): boolean {
  return plan.changes.length === 0;
}
