import { ProviderError, recordSetKey, recordValue, type Change, type OwnerName } from '@connect/domain';
import { applyOneByOne, carryOut, readOrKept, recordOperations, replaceRecord, setsOfRecords, zoneReading, type NativeRecord, type RecordOperations, type RecordsBySet } from '../../base/index.js';
import type { ChangeOutcome, ZoneReading } from '../../spi/index.js';
import type { TokenClient } from './client.js';
import { identityOf, toBody, toRecord, type RecordBody } from './convert.js';
import { explained } from './one-record.js';
import type { TokenRecord } from './schema.js';

type Held = NativeRecord<TokenRecord>;
export type TokenNative = { kind: 'token'; sets: RecordsBySet<TokenRecord> };

/** v3: records with ids, which are created and deleted one by one. */
export async function readByToken(client: TokenClient, apex: OwnerName, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<TokenNative>> {
  const records = (await client.records(apex, signal)).map((native) => ({ ...toRecord(native, apex), native }));
  const { recordSets, native: sets } = setsOfRecords(records);
  return zoneReading(names, recordSets, { kind: 'token', sets }, { whole: true });
}

/** There is no update that can be used. What would be the same record to them, with another priority or TTL, has to give way first. */
export async function writeByToken(client: TokenClient, apex: OwnerName, changes: readonly Change[], { sets }: TokenNative, signal: AbortSignal): Promise<ChangeOutcome[]> {
  const all = [...sets.values()].flat();
  return applyOneByOne(changes, async (change) => {
    const records = sets.get(recordSetKey(change)) ?? [];
    const bodyOf = (value: string, ttlSeconds: number): RecordBody => toBody(change, value, ttlSeconds, apex, 'with_dot');
    const create = (body: RecordBody, replaced?: Held): Promise<void> => explained(() => client.create(apex, body, signal), [body], all.filter(({ native }) => native !== replaced?.native).map(({ native }) => native));
    const remove = ({ native }: Held): Promise<void> => client.delete(apex, native.recordId, signal);
    const operations = recordOperations(change, records);
    refuseOddRetiming(operations, change);
    await carryOut(pairedByIdentity(operations, bodyOf), {
      create: (value, ttlSeconds) => create(bodyOf(value, ttlSeconds)),
      update(record, value, ttlSeconds) {
        const body = bodyOf(value, ttlSeconds);
        const calls = { create: () => create(body, record), remove: () => remove(record), restore: () => client.create(apex, bodyOfHeld(record), signal) };
        return replaceRecord(calls, { mayStandTogether: change.type !== 'CNAME' && identityOf(body) !== identityOf(record.native) });
      },
      delete: remove,
    });
  }, signal);
}

/** A new record that only the old one stands in the way of takes the place of that one, and not of a neighbour. */
function pairedByIdentity(operations: RecordOperations<TokenRecord>, bodyOf: (value: string, ttlSeconds: number) => RecordBody): RecordOperations<TokenRecord> {
  const retimed = operations.updates.filter(({ record, value }) => record.value === value);
  const swapped = operations.updates.filter(({ record, value }) => record.value !== value);
  const leaving = [...swapped.map(({ record }) => record), ...operations.deletes];
  const coming = [...swapped.map(({ value, ttlSeconds }) => ({ value, ttlSeconds })), ...operations.creates];
  const pairs = new Map(coming.map((each) => [each, take(leaving, ({ native }) => identityOf(native) === identityOf(bodyOf(each.value, each.ttlSeconds)))]));
  for (const each of coming) if (pairs.get(each) === undefined) pairs.set(each, leaving.shift());
  return {
    updates: [...coming.flatMap((each) => { const record = pairs.get(each); return record === undefined ? [] : [{ record, ...each }]; }), ...retimed],
    creates: coming.filter((each) => pairs.get(each) === undefined),
    deletes: leaving,
  };
}

/** A record gives way for another TTL, and "Parked" in place of an address might not come back. */
function refuseOddRetiming({ updates }: RecordOperations<TokenRecord>, { type }: Change): void {
  const isOdd = updates.some(({ record, value }) => record.value === value && readOrKept('', () => recordValue(type, value)) !== value);
  if (isOdd) throw new ProviderError('unsupported', { detail: `the TTL of ${type} data that is not of its type cannot be changed` });
}

function take(records: Held[], fits: (record: Held) => boolean): Held | undefined {
  const at = records.findIndex(fits);
  return at < 0 ? undefined : records.splice(at, 1)[0];
}

function bodyOfHeld({ native: { recordId: _recordId, ...body } }: Held): RecordBody {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined)) as RecordBody;
}
