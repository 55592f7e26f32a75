import { ProviderError, groupRecords, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, composeRows, zoneReading, type Row } from '../../base/index.js';
import type { ChangeOutcome, ZoneReading } from '../../spi/index.js';
import type { KeyClient } from './client.js';
import { theirName, toBody, toRecord, type FoundRecord, type SetRecordBody } from './convert.js';
import { explained } from './one-record.js';
import type { KeyRecord } from './schema.js';

export type KeyNative = { kind: 'key'; records: readonly KeyRecord[] };

/** v1: records without ids, which are added, or replaced and deleted together where type and name are the same. */
export async function readByKey(client: KeyClient, apex: OwnerName, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<KeyNative>> {
  const records = await client.records(apex, signal);
  return zoneReading(names, groupRecords(records.map((record) => toRecord(record, apex))), { kind: 'key', records }, { whole: true });
}

/**
 * Values that are only added are added, which touches nothing else. Anything else replaces the records of the type and name: those that stay go back as
 * they came, with fields that are not known here.
 */
export async function writeByKey(client: KeyClient, apex: OwnerName, changes: readonly Change[], { records }: KeyNative, signal: AbortSignal): Promise<ChangeOutcome[]> {
  let held = records;
  return applyOneByOne(changes, async (change) => {
    const { type } = change;
    const name = theirName(change, apex);
    const isMeant = (record: KeyRecord): boolean => record.type === type && (record.name.toLowerCase() || '@') === name;
    const rows = held.filter(isMeant).map((record) => rowOf(record, apex));
    const after = composeRows(rows, [change], {
      make: ({ ttlSeconds }, value): KeyRecord => toBody(change, value, ttlSeconds, apex, 'without_dot'),
      retime: ({ native }, ttl): KeyRecord => ({ ...native, ttl }),
    });
    const added = after.filter((record) => !held.includes(record));
    if (after.length - added.length === rows.length) {
      if (added.length > 0) await explained(() => client.add(apex, added as ReturnType<typeof toBody>[], signal), added, after);
    } else {
      refuseOtherServices(rows, change);
      if (after.length === 0) await client.deleteSet(apex, type, name, signal);
      else await explained(() => client.replaceSet(apex, type, name, after.map(withoutPlace), signal), added, after);
    }
    held = [...held.filter((record) => !isMeant(record)), ...after];
  }, signal);
}

function rowOf(record: KeyRecord, apex: OwnerName): Row<KeyRecord> {
  const { ownerName, type, value }: FoundRecord = toRecord(record, apex);
  return { set: { ownerName, type }, value, native: record };
}

/** Services share a name in their API: a replacement would be one of record sets that are not ours to write. */
function refuseOtherServices(rows: readonly Row<KeyRecord>[], { ownerName }: Change): void {
  if (rows.every(({ set }) => set?.ownerName === ownerName)) return;
  throw new ProviderError('unsupported', { detail: 'with a key, GoDaddy replaces the SRV records of all services at a name together: use a personal access token' });
}

function withoutPlace({ type: _type, name: _name, ...rest }: KeyRecord): SetRecordBody {
  return rest as SetRecordBody;
}
