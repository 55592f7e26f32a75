import { recordSetKey, valueKey, valuesOf, type Change, type RecordSet, type RecordValue } from '@connect/domain';

/**
 * One row of a list that an API replaces as a whole (all hosts of a zone, all records of a name). `set` is null for a row that we do not
 * understand: it is carried over as it is.
 */
export type Row<Native> = { set: { ownerName: RecordSet['ownerName']; type: string } | null; value: RecordValue; native: Native };

export type RowMaker<Native> = {
  make(set: RecordSet, value: RecordValue): Native;
  /** The same row with another TTL; everything else of it stays. */
  retime(row: Row<Native>, ttlSeconds: number): Native;
};

/**
 * The whole list after the changes. Rows that no change names come out as the same objects in the same order, so that nothing foreign can be
 * lost by reading and writing it back; new rows stand at the end.
 */
export function composeRows<Native>(rows: readonly Row<Native>[], changes: readonly Change[], maker: RowMaker<Native>): Native[] {
  const byKey = new Map(changes.map((change) => [recordSetKey(change), { change, ...valuesOf(change) }]));
  const kept: Native[] = [];
  const present = new Set<string>();
  for (const row of rows) {
    const found = row.set === null ? undefined : byKey.get(recordSetKey(row.set));
    if (found === undefined) {
      kept.push(row.native);
      continue;
    }
    const { type } = found.change;
    const key = valueKey(type, row.value);
    if (found.removed.some((value) => valueKey(type, value) === key)) continue;
    present.add(`${recordSetKey(found.change)} ${key}`);
    const { before, after } = found.change;
    kept.push(after !== null && before !== null && after.ttlSeconds !== before.ttlSeconds ? maker.retime(row, after.ttlSeconds) : row.native);
  }
  const created = [...byKey.values()].flatMap(({ change, added }) =>
    added.filter((value) => !present.has(`${recordSetKey(change)} ${valueKey(change.type, value)}`)).map((value) => maker.make(change.after!, value)));
  return [...kept, ...created];
}
