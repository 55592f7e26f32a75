import { recordSetFromWire } from '@connect/contracts';
import { recordSetKey, without } from '@connect/domain';
import type { Connection } from './connection.js';

/** Did the look of the removal see all records of the connection gone? It looked only for what we took away; what stood there before us stays and may point here. */
export function wasSeenAbsent({ verdict, removal, record_sets }: Pick<Connection, 'verdict' | 'removal' | 'record_sets'>): boolean {
  if (verdict?.verdict !== 'absent' || removal === null) return false;
  const removed = removal.removed.map(recordSetFromWire);
  return record_sets.map(recordSetFromWire).every((set) => {
    const gone = removed.filter((other) => recordSetKey(other) === recordSetKey(set)).flatMap(({ values }) => values);
    return without(set.type, set.values, gone).length === 0;
  });
}
