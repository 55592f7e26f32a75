import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { movableClock, ProviderError, secret } from '@connect/domain';
import { eventually } from '@connect/testing';
import { PostgresBudgets } from '../infrastructure/postgres-budgets.store.js';
import { openWorkerDatabase, type WorkerDatabase } from '../worker-database.fake.js';
import { bucketsOf, bucketTold, type Bucket } from './buckets.js';
import { Meter } from './meter.js';
import { Purse } from './purse.js';

let opened: WorkerDatabase;
let dataSource: DataSource;
const slow: Bucket = { key: 'slow', calls: 'all', amount: 100, windowSeconds: 60, capacity: 20, perSecond: 0.0001, portion: 3, keepMs: 2_000 };

beforeAll(async () => {
  opened = await openWorkerDatabase();
  ({ dataSource } = opened);
});
afterAll(() => opened?.close());

describe('a budget', () => {
  it('is never overdrawn by workers that draw at the same time', async () => {
    const budgets = new PostgresBudgets(dataSource);

    const draws = await Promise.all(Array.from({ length: 30 }, () => budgets.draw(slow, 0)));

    expect(draws.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(20);
    expect(draws.at(-1)).toMatchObject({ tokens: 0 });
  });

  it('keeps some for those who are waited for', async () => {
    const bucket = { ...slow, key: 'lanes', portion: 20 };
    const budgets = new PostgresBudgets(dataSource);

    expect((await budgets.draw(bucket, 6)).tokens).toBe(14);
    expect((await budgets.draw(bucket, 6)).tokens).toBe(0);
    expect((await budgets.draw(bucket, 0)).tokens).toBe(6);
  });

  it('is empty for all while the provider asks for a pause', async () => {
    const bucket = { ...slow, key: 'blocked' };
    const [mine, theirs] = [new PostgresBudgets(dataSource), new PostgresBudgets(dataSource)];

    await new Meter(mine, [bucket], 0, new Purse(movableClock())).around('read', () => Promise.reject(new ProviderError('rate_limited', { retryAfterMs: 60_000 }))).catch(() => undefined);
    const { tokens, waitMs } = await theirs.draw(bucket, 0);

    expect(tokens).toBe(0);
    expect(waitMs).toBeGreaterThan(55_000);
  });

  it('lets nothing be sent when it is used up, and says how long', async () => {
    const bucket = { ...slow, key: 'one', capacity: 1, portion: 1, perSecond: 0.1 };
    const meter = new Meter(new PostgresBudgets(dataSource), [bucket], 0, new Purse(movableClock()));
    await meter.around('write', () => Promise.resolve());
    let isSent = false;

    await expect(meter.around('write', () => { isSent = true; return Promise.resolve(); })).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });

    expect(isSent).toBe(false);
  });

  it('gives a turn its tokens together or none: a look that cannot be followed by its write is spent for nothing, and so would be the next', async () => {
    const bucket = { ...slow, key: 'a turn', capacity: 4, portion: 1, perSecond: 0.25 };
    const budgets = new PostgresBudgets(dataSource);
    const waits: number[] = [];
    const call = (meter: Meter): Promise<string> => meter.around('read', () => Promise.resolve('sent'), (ms) => { waits.push(ms); return Promise.resolve(false); });
    const [turn, other] = [new Meter(budgets, [bucket], 0, new Purse(movableClock()), 'turn'), new Meter(budgets, [bucket], 0, new Purse(movableClock()), 'turn')];

    expect(await call(turn)).toBe('sent');
    await expect(call(other)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await call(new Meter(budgets, [bucket], 0, new Purse(movableClock())))).toBe('sent');
    expect([await call(turn), await call(turn)]).toEqual(['sent', 'sent']);

    expect(waits).toEqual([]);
  });

  it('is waited for by a turn that has begun, as long as there is time', async () => {
    const bucket = { ...slow, key: 'patience', capacity: 3, portion: 1 };
    const waits: number[] = [];
    let tokens = 3;
    const draw = (_bucket: Bucket, reserve: number, least = 1): Promise<{ tokens: number; waitMs: number }> => Promise.resolve(tokens - reserve >= least ? { tokens: (tokens -= least) >= 0 ? least : 0, waitMs: 0 } : { tokens: 0, waitMs: 3_750 });
    const meter = new Meter({ draw, block: () => Promise.resolve(), correct: () => Promise.resolve() }, [bucket], 0, new Purse(movableClock()), 'turn');
    const call = (isTimeLeft: boolean): Promise<string> => meter.around('write', () => Promise.resolve('sent'), (ms) => { waits.push(ms); tokens += 1; return Promise.resolve(isTimeLeft); });

    expect([await call(true), await call(true), await call(true), await call(true)]).toEqual(['sent', 'sent', 'sent', 'sent']);
    await expect(call(false)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 3_750 });

    expect(waits).toEqual([3_750, 3_750]);
  });
});

describe('a budget that the provider corrects', () => {
  const told = (remaining: number, resetMs: number | null) => ({ limit: 100, windowSeconds: null, remaining, resetMs });
  const meterOf = (bucket: Bucket): Meter => new Meter(new PostgresBudgets(dataSource), [bucket], 0, new Purse(movableClock()));
  const call = (meter: Meter): Promise<void> => meter.around('read', () => Promise.resolve());

  it('has no more calls until the reset than the provider left it, for all workers', async () => {
    const bucket = { ...slow, key: 'told', capacity: 20, perSecond: 1, portion: 1 };
    const mine = meterOf(bucket);
    await call(mine);

    await mine.told('read', [told(2, 40_000)]);
    const theirs = new PostgresBudgets(dataSource);

    expect([(await theirs.draw(bucket, 0)).tokens, (await theirs.draw(bucket, 0)).tokens]).toEqual([1, 1]);
    const { tokens, waitMs } = await theirs.draw(bucket, 0);
    expect(tokens).toBe(0);
    expect(waitMs).toBeGreaterThan(38_000);
  });

  it('comes back while what is left is more than it would have given until the reset', async () => {
    const bucket = { ...slow, key: 'told enough', capacity: 20, perSecond: 1, portion: 1 };
    const mine = meterOf(bucket);
    await call(mine);

    await mine.told('read', [told(30, 40_000)]);

    expect((await new PostgresBudgets(dataSource).draw({ ...bucket, portion: 20 }, 0)).tokens).toBe(19);
    expect((await new PostgresBudgets(dataSource).draw(bucket, 0)).waitMs).toBeGreaterThan(20_000);
  });

  it('is left alone where the provider has more than we would spend', async () => {
    let corrected = 0;
    const budgets = { draw: () => Promise.resolve({ tokens: 3, waitMs: 0 }), block: () => Promise.resolve(), correct: () => { corrected += 1; return Promise.resolve(); } };

    await new Meter(budgets, [{ ...slow, perSecond: 1 }], 0, new Purse(movableClock())).told('read', [told(95, 60_000)]);

    expect(corrected).toBe(0);
  });

  it('of a day is not empty because of a pause of a second', async () => {
    const bucket = { ...slow, key: 'day', windowSeconds: 86_400 };
    const budgets = new PostgresBudgets(dataSource);
    await budgets.draw(bucket, 0);

    await budgets.block(bucket, 1);

    await eventually(async () => (await budgets.draw(bucket, 0)).tokens === 3);
  });

  it('is the one of the told window or amount, else the shortest that lasts until the reset', () => {
    const [second, hour] = [{ ...slow, key: 'second', amount: 20, windowSeconds: 1 }, { ...slow, key: 'hour', amount: 3_000, windowSeconds: 3_600 }];
    const one = { limit: null, windowSeconds: null, remaining: 1, resetMs: null };

    expect(bucketTold([second, hour], { ...one, windowSeconds: 3_600 })?.key).toBe('hour');
    expect(bucketTold([second, hour], { ...one, limit: 3_000 })?.key).toBe('hour');
    expect(bucketTold([second, hour], { ...one, limit: 2_400, resetMs: 1_800_000 })?.key).toBe('hour');
    expect(bucketTold([second, hour], { ...one, resetMs: 500 })?.key).toBe('second');
    expect(bucketTold([second], { ...one, resetMs: 5_000 })).toBeUndefined();
  });
});

describe('what is left of a portion', () => {
  it('pays the next calls of this process, for a short time', async () => {
    const clock = movableClock();
    const draws: number[] = [];
    const meter = new Meter({ draw: () => { draws.push(1); return Promise.resolve({ tokens: 3, waitMs: 0 }); }, block: () => Promise.resolve(), correct: () => Promise.resolve() }, [slow], 0, new Purse(clock));
    const call = (): Promise<void> => meter.around('read', () => Promise.resolve());

    for (let i = 0; i < 4; i++) await call();
    expect(draws).toHaveLength(2);
    clock.advance(2_001);
    await call();
    expect(draws).toHaveLength(3);
  });
});

describe('the buckets of a provider', () => {
  const limits = [{ scope: 'token', calls: 'all', amount: 100, windowSeconds: 60 }, { scope: 'zone', calls: 'write', amount: 10, windowSeconds: 60 }] as const;
  const use = { token: secret('a token'), zoneId: 'z1' };

  it('allow no window more than the provider does', () => {
    for (const { capacity, perSecond } of bucketsOf({ id: 'p', limits: [...limits] }, use, secret('k')).slice(0, 1)) expect(capacity + perSecond * 60).toBeLessThanOrEqual(100);
  });

  it('are told apart by scope value and keep no secret', () => {
    const keys = bucketsOf({ id: 'p', limits: [...limits] }, use, secret('k')).map(({ key }) => key);
    const others = bucketsOf({ id: 'p', limits: [...limits] }, { token: secret('another'), zoneId: 'z1' }, secret('k')).map(({ key }) => key);

    expect(keys.join(' ')).not.toContain('token');
    expect(others[0]).not.toBe(keys[0]);
    expect(others[1]).toBe(keys[1]);
  });
});
