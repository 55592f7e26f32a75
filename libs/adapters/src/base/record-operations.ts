import { ProviderError, isConnectError, valueKey, valuesOf, type Change, type RecordValue } from '@connect/domain';

/** One record as the provider holds it. `native` is whatever the adapter needs to name it (its id). */
export type NativeRecord<Native> = { value: RecordValue; ttlSeconds: number; native: Native };

export type RecordOperations<Native> = {
  updates: { record: NativeRecord<Native>; value: RecordValue; ttlSeconds: number }[];
  creates: { value: RecordValue; ttlSeconds: number }[];
  deletes: NativeRecord<Native>[];
};

/**
 * A change of a record set in the words of an API that knows single records: the least that leads from `records` (what the provider holds at
 * this name and type) to `change.after`. A removed value is turned into an added one where both exist, which keeps the record's id and
 * leaves no gap. A record that the change does not name is not touched, also when its value stands there twice.
 */
export function recordOperations<Native>(change: Change, records: readonly NativeRecord<Native>[]): RecordOperations<Native> {
  const { added, removed, kept } = valuesOf(change);
  const ttlSeconds = change.after?.ttlSeconds ?? 0;
  const holding = (values: readonly RecordValue[]): NativeRecord<Native>[] => {
    const keys = new Set(values.map((value) => valueKey(change.type, value)));
    return records.filter((record) => keys.has(valueKey(change.type, record.value)));
  };
  const leaving = holding(removed);
  // Repeating is safe: what is already there is not created again.
  const missing = added.filter((value) => holding([value]).length === 0);
  const paired = Math.min(leaving.length, missing.length);
  const retimed = change.after !== null && change.after.ttlSeconds !== change.before?.ttlSeconds ? holding(kept).filter((record) => record.ttlSeconds !== ttlSeconds) : [];
  return {
    updates: [
      ...leaving.slice(0, paired).map((record, at) => ({ record, value: missing[at]!, ttlSeconds })),
      ...retimed.map((record) => ({ record, value: record.value, ttlSeconds })),
    ],
    creates: missing.slice(paired).map((value) => ({ value, ttlSeconds })),
    deletes: leaving.slice(paired),
  };
}

export type RecordCalls<Native> = {
  create(value: RecordValue, ttlSeconds: number): Promise<void>;
  update(record: NativeRecord<Native>, value: RecordValue, ttlSeconds: number): Promise<void>;
  delete(record: NativeRecord<Native>): Promise<void>;
};

/** Carries out the operations of one change. If one fails after another had its effect, the change is neither done nor refused. */
export async function carryOut<Native>(operations: RecordOperations<Native>, calls: RecordCalls<Native>): Promise<void> {
  await stepByStep([
    ...operations.updates.map(({ record, value, ttlSeconds }) => () => calls.update(record, value, ttlSeconds)),
    ...operations.creates.map(({ value, ttlSeconds }) => () => calls.create(value, ttlSeconds)),
    ...operations.deletes.map((record) => () => calls.delete(record)),
  ]);
}

/** One call after the other, of which each has an effect of its own; `done` of them went before. Throws `outcome_unknown` if one fails after another. */
export async function stepByStep(steps: readonly (() => Promise<void>)[], { done = 0 } = {}): Promise<void> {
  for (const [at, step] of steps.entries()) {
    try {
      await step();
    } catch (error) {
      if (done + at === 0 || !isConnectError(error)) throw error;
      throw new ProviderError('outcome_unknown', { detail: `${done + at} of ${done + steps.length} records were written, then ${error.code}`, retryAfterMs: error.retryAfterMs });
    }
  }
}
