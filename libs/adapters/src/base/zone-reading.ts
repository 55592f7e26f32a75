import type { OwnerName, RecordSet } from '@connect/domain';
import type { ZoneReading } from '../spi/index.js';

/** A reading of what an API gave: `whole` says whether that was all of the zone, whatever was asked for. */
export function zoneReading<Native>(names: readonly OwnerName[] | 'all', recordSets: RecordSet[], native: Native, { whole }: { whole: boolean }): ZoneReading<Native> {
  return { names, recordSets: names === 'all' ? recordSets : recordSets.filter((set) => names.includes(set.ownerName)), recordSetCount: whole ? recordSets.length : null, native };
}
