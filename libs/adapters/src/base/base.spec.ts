import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProviderError, ownerName, type Change, type RecordSet } from '@connect/domain';
import { applyOneByOne, carryOut, chunksOf, clampTtl, composeRows, recordOperations, retryAfterOf, unexpected, type NativeRecord, type Row } from './index.js';

const apex = ownerName('example.test.');
const aSet = (values: string[], ttlSeconds = 300, name = 'www'): RecordSet => ({ ownerName: ownerName(`${name}.${apex}`), type: 'TXT', ttlSeconds, values });
const change = (before: RecordSet | null, after: RecordSet | null): Change => ({ ownerName: (before ?? after)!.ownerName, type: 'TXT', before, after });
const values = fc.uniqueArray(fc.constantFrom('"a"', '"b"', '"c"', '"d"', '"e"', '"f"'), { minLength: 1 });
const ttl = fc.constantFrom(60, 300, 3600);

describe('record operations', () => {
  const held = (set: RecordSet | null): NativeRecord<string>[] => (set?.values ?? []).map((value, at) => ({ value, ttlSeconds: set!.ttlSeconds, native: `id-${at}` }));

  it('lead from what is there to what is wanted, and touch nothing else', () => {
    fc.assert(fc.property(fc.option(values), fc.option(values), ttl, ttl, (before, after, ttlBefore, ttlAfter) => {
      fc.pre(before !== null || after !== null);
      const from = before === null ? null : aSet(before, ttlBefore);
      const to = after === null ? null : aSet(after, ttlAfter);
      const records = held(from);

      const { updates, creates, deletes } = recordOperations(change(from, to), records);

      const left = records.filter((record) => !deletes.includes(record)).map((record) => updates.find((update) => update.record === record) ?? record);
      const result = [...left, ...creates];
      expect(result.map(({ value }) => value).sort()).toEqual((to?.values ?? []).toSorted());
      expect(result.every(({ ttlSeconds }) => ttlSeconds === to?.ttlSeconds)).toBe(true);
    }));
  });

  it('are none where nothing changes, and the least where one value does', () => {
    const set = aSet(['"a"', '"b"', '"c"']);

    expect(recordOperations(change(set, set), held(set))).toEqual({ updates: [], creates: [], deletes: [] });
    expect(recordOperations(change(set, aSet(['"a"', '"x"', '"c"'])), held(set))).toEqual({ updates: [{ record: held(set)[1], value: '"x"', ttlSeconds: 300 }], creates: [], deletes: [] });
  });

  it('do not create what is already there when a write is repeated', () => {
    const after = aSet(['"a"']);

    expect(recordOperations(change(null, after), held(after))).toEqual({ updates: [], creates: [], deletes: [] });
  });

  it('that break off in the middle leave an unknown outcome', async () => {
    const operations = recordOperations(change(aSet(['"a"', '"b"']), null), held(aSet(['"a"', '"b"'])));
    const calls = { create: () => Promise.resolve(), update: () => Promise.resolve(), delete: ({ native }: NativeRecord<string>) => (native === 'id-1' ? Promise.reject(new ProviderError('rate_limited', { retryAfterMs: 5 })) : Promise.resolve()) };

    await expect(carryOut(operations, calls)).rejects.toMatchObject({ code: 'outcome_unknown', retryAfterMs: 5 });
  });

  it('that are refused at the first step keep their refusal', async () => {
    const operations = recordOperations(change(null, aSet(['"a"'])), []);

    await expect(carryOut(operations, { create: () => Promise.reject(new ProviderError('zone_full')), update: () => Promise.resolve(), delete: () => Promise.resolve() })).rejects.toMatchObject({ code: 'zone_full' });
  });
});

describe('changes one by one', () => {
  const changes = ['a', 'b', 'c'].map((name) => change(null, aSet(['"x"'], 300, name)));
  const failingAt = (at: number, code: ProviderError['code']) => (each: Change) => (each === changes[at] ? Promise.reject(new ProviderError(code)) : Promise.resolve());
  const signal = new AbortController().signal;

  it.each([
    ['record_invalid', 1, ['applied', 'refused', 'applied']],
    ['outcome_unknown', 1, ['applied', 'unknown', 'refused']],
    ['provider_protocol', 1, ['applied', 'unknown', 'refused']],
    ['rate_limited', 1, ['applied', 'refused', 'refused']],
    ['outcome_unknown', 0, ['unknown', 'refused', 'refused']],
  ] as const)('after %s at change %i are settled as %j', async (code, at, expected) => {
    const outcomes = await applyOneByOne(changes, failingAt(at, code), signal);

    expect(outcomes.map(({ status }) => status)).toEqual(expected);
    expect(outcomes.map((outcome) => outcome.change)).toEqual(changes);
  });

  it('throw a refusal that meets all before anything was written', async () => {
    await expect(applyOneByOne(changes, failingAt(0, 'rejected_credential'), signal)).rejects.toMatchObject({ code: 'rejected_credential' });
  });

  it('end where the signal comes', async () => {
    const controller = new AbortController();
    const outcomes = await applyOneByOne(changes, () => { controller.abort(); return Promise.resolve(); }, controller.signal);

    expect(outcomes.map(({ status, code }) => [status, code])).toEqual([['applied', null], ['refused', 'provider_unavailable'], ['refused', 'provider_unavailable']]);
  });
});

describe('a list that is replaced as a whole', () => {
  type Host = { name: string; address: string; ttl: number; hidden?: string };
  const rowOf = (host: Host): Row<Host> => ({ set: host.hidden === undefined ? { ownerName: ownerName(`${host.name}.${apex}`), type: 'TXT' } : null, value: host.address, native: host });
  const maker = { make: (set: RecordSet, value: string): Host => ({ name: set.ownerName.split('.')[0]!, address: value, ttl: set.ttlSeconds }), retime: (row: Row<Host>, ttlSeconds: number): Host => ({ ...row.native, ttl: ttlSeconds }) };

  it('keeps every row that no change names as the same object in its place', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), values, values, ttl, (names, before, after, newTtl) => {
      const hosts: Host[] = [...names.flatMap((name) => before.map((address) => ({ name, address, ttl: 300 }))), { name: 'x', address: 'secret', ttl: 1, hidden: 'SRV' }];
      const wanted = change(aSet(before, 300, names[0]), aSet(after, newTtl, names[0]));

      const result = composeRows(hosts.map(rowOf), [wanted], maker);

      const foreign = (list: Host[]): Host[] => list.filter((host) => host.name !== names[0] || host.hidden !== undefined);
      expect(foreign(result)).toEqual(foreign(hosts));
      expect(foreign(result).every((host, at) => host === foreign(hosts)[at])).toBe(true);
      const own = result.filter((host) => host.name === names[0] && host.hidden === undefined);
      expect(own.map(({ address }) => address).sort()).toEqual(after.toSorted());
      expect(own.every((host) => host.ttl === newTtl)).toBe(true);
    }));
  });
});

describe('portions', () => {
  it('hold everything once, in order, no larger than allowed, and keep a name together where it fits', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e')), fc.integer({ min: 1, max: 6 }), (names, size) => {
      const items = names.map((name, at) => ({ name, at }));

      const chunks = chunksOf(items, size, ({ name }) => name);

      expect(chunks.flat().map(({ at }) => at).sort((a, b) => a - b)).toEqual(items.map(({ at }) => at));
      expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= size)).toBe(true);
      for (const name of new Set(names)) {
        if (names.filter((other) => other === name).length <= size && names.every((other) => names.filter((each) => each === other).length <= size)) expect(chunks.filter((chunk) => chunk.some((item) => item.name === name)).length).toBe(1);
      }
    }));
  });
});

describe('TTL limits', () => {
  it.each([[0, 60], [60, 60], [61, 300], [300, 300], [99_999, 3600]])('turn %i into %i where only some values are known', (asked, kept) => {
    expect(clampTtl({ ttl: { minSeconds: 60, maxSeconds: 3600, steps: [3600, 60, 300] } }, asked)).toBe(kept);
  });

  it('give the value as which one is read', () => {
    const ttl = { minSeconds: 60, maxSeconds: 3600, readAs: { 1799: 1800 } };

    expect([1798, 1799, 1800].map((asked) => clampTtl({ ttl }, asked))).toEqual([1798, 1800, 1800]);
  });

  it('leave what is within them', () => {
    fc.assert(fc.property(fc.integer({ min: 60, max: 86_400 }), (seconds) => clampTtl({ ttl: { minSeconds: 60, maxSeconds: 86_400 } }, seconds) === seconds));
  });
});

describe('statuses that no documentation explains', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it.each([
    [401, false, 'rejected_credential'], [403, false, 'missing_permission'], [429, true, 'rate_limited'], [503, true, 'provider_unavailable'], [500, false, 'provider_unavailable'], [500, true, 'outcome_unknown'],
    [502, true, 'outcome_unknown'], [504, true, 'outcome_unknown'], [409, true, 'zone_changed'], [412, true, 'zone_changed'], [422, true, 'record_invalid'], [302, false, 'provider_protocol'], [200, false, 'provider_protocol'],
  ] as const)('%i (write: %s) means %s', (status, write, code) => {
    expect(unexpected({ status, headers: {} }, { write, now }).code).toBe(code);
  });

  it.each([['7', 7_000], ['0', 0], ['1.5', 1_500], ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000], ['Wed, 31 Dec 2025 00:00:00 GMT', 0], ['999999', 86_400_000], ['soon', undefined], ['', undefined]])('Retry-After "%s" is %s ms', (header, ms) => {
    expect(retryAfterOf({ 'retry-after': header }, now)).toBe(ms);
  });
});
