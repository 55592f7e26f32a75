import { recordSetKey, sameRecordSet, type Change, type OwnerName, type RecordSet, type RecordSetKey, type RecordType } from '@connect/domain';

/** The record sets of a zone as they were read, or as they will be after the plans before. Never changed in place. */
export class ZoneState {
  private constructor(private readonly sets: ReadonlyMap<RecordSetKey, RecordSet>) {}

  static of(recordSets: readonly RecordSet[]): ZoneState {
    return new ZoneState(new Map(recordSets.map((set) => [recordSetKey(set), set])));
  }

  get(ownerName: OwnerName, type: RecordType): RecordSet | null {
    return this.sets.get(recordSetKey({ ownerName, type })) ?? null;
  }

  at(ownerName: OwnerName): RecordSet[] {
    return [...this.sets.values()].filter((set) => set.ownerName === ownerName);
  }

  all(): RecordSet[] {
    return [...this.sets.values()];
  }

  after(changes: readonly Change[]): ZoneState {
    const sets = new Map(this.sets);
    for (const change of changes) {
      if (change.after === null) sets.delete(recordSetKey(change));
      else sets.set(recordSetKey(change), change.after);
    }
    return new ZoneState(sets);
  }

  /** The changes that lead from here to `later`, at the sets named. */
  changesTo(later: ZoneState, keys: Iterable<{ ownerName: OwnerName; type: RecordType }>): Change[] {
    const named = new Map([...keys].map(({ ownerName, type }) => [recordSetKey({ ownerName, type }), { ownerName, type }]));
    return [...named.values()]
      .map(({ ownerName, type }): Change => ({ ownerName, type, before: this.get(ownerName, type), after: later.get(ownerName, type) }))
      .filter((change) => !sameRecordSet(change.before, change.after));
  }
}
