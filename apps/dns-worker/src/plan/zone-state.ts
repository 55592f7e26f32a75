import { recordSetKey, sameRecordSet, type Change, type OwnerName, type RecordSet, type RecordType } from '@connect/domain';

type Sets = ReadonlyMap<RecordType, RecordSet>;
const nothing: Sets = new Map();

/** The record sets of a zone as they were read, or as they will be after the plans before. Never changed in place. */
export class ZoneState {
  private constructor(private readonly names: ReadonlyMap<OwnerName, Sets>) {}

  static of(recordSets: readonly RecordSet[]): ZoneState {
    const names = new Map<OwnerName, Map<RecordType, RecordSet>>();
    for (const set of recordSets) names.set(set.ownerName, (names.get(set.ownerName) ?? new Map<RecordType, RecordSet>()).set(set.type, set));
    return new ZoneState(names);
  }

  get(ownerName: OwnerName, type: RecordType): RecordSet | null {
    return this.names.get(ownerName)?.get(type) ?? null;
  }

  at(ownerName: OwnerName): RecordSet[] {
    return [...(this.names.get(ownerName) ?? nothing).values()];
  }

  all(): RecordSet[] {
    return [...this.names.values()].flatMap((sets) => [...sets.values()]);
  }

  after(changes: readonly Change[]): ZoneState {
    const names = new Map(this.names);
    for (const { ownerName, type, after } of changes) {
      const sets = new Map(names.get(ownerName) ?? nothing);
      if (after === null) sets.delete(type);
      else sets.set(type, after);
      names.set(ownerName, sets);
    }
    return new ZoneState(names);
  }

  /** The changes that lead from here to `later`, at the sets named. */
  changesTo(later: ZoneState, sets: readonly { ownerName: OwnerName; type: RecordType }[]): Change[] {
    const named = new Map(sets.map((set) => [recordSetKey(set), set]));
    return [...named.values()]
      .map(({ ownerName, type }): Change => ({ ownerName, type, before: this.get(ownerName, type), after: later.get(ownerName, type) }))
      .filter((change) => !sameRecordSet(change.before, change.after));
  }
}
