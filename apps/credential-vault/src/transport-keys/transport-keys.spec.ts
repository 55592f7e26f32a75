import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { movableClock, secret } from '@connect/domain';
import { openWith, sealTo } from '@connect/sealing';
import { parseRootKeyring } from '../keyring/root-keyring.js';
import { memoryTransportKeys } from './transport-keys.fake.js';
import { TransportKeys } from './transport-keys.js';

const root = parseRootKeyring(secret(JSON.stringify({ primary: 1, keys: { 1: randomBytes(32).toString('base64') } })));
const rotation = { rotateAfterSeconds: 1_000, acceptForSeconds: 500 };

function replicas(count: number) {
  const clock = movableClock();
  const store = memoryTransportKeys(clock);
  return { clock, store, replicas: Array.from({ length: count }, () => new TransportKeys(store, root, clock, rotation)) as [TransportKeys, TransportKeys] };
}

describe('transport keys', () => {
  it('are shared: one replica makes the pair, and another opens what was sealed to it', async () => {
    const { replicas: [one, other] } = replicas(2);
    const made = await Promise.all([one.rotateIfDue(), other.rotateIfDue()]);

    const announced = await one.announced();
    const sealed = await sealTo(announced.publicJwk, announced.kid, secret('token'), {});

    expect(made.filter(Boolean)).toHaveLength(1);
    expect((await other.announced()).kid).toBe(announced.kid);
    expect((await openWith(await other.privateKey(announced.kid), sealed, {})).open((text) => text)).toBe('token');
  });

  it('rotate: the newest is announced, the one before is accepted for a while, then it is unknown', async () => {
    const { clock, replicas: [one, other] } = replicas(2);
    await one.rotateIfDue();
    const first = await other.announced();

    clock.advance(1_000_000);
    await one.rotateIfDue();
    const second = await one.announced();

    expect(second.kid).not.toBe(first.kid);
    await expect(other.privateKey(first.kid)).resolves.toBeDefined();
    await expect(other.privateKey(second.kid)).resolves.toBeDefined();
    clock.advance(501_000);
    await expect(other.privateKey(first.kid)).rejects.toMatchObject({ code: 'key_unknown' });
    await expect(one.rotateIfDue()).resolves.toBe(false);
  });

  it('answer key_unknown to a kid that nobody made, and do not ask the database for each of them', async () => {
    const { store, replicas: [one] } = replicas(1);
    await one.rotateIfDue();
    const before = store.readings;

    for (let round = 0; round < 50; round += 1) await expect(one.privateKey(`made-up-${round}`)).rejects.toMatchObject({ code: 'key_unknown' });

    expect(store.readings - before).toBeLessThanOrEqual(1);
  });

  it('do not open when the stored pair was moved to another kid', async () => {
    const { clock, store, replicas: [one] } = replicas(1);
    await one.rotateIfDue();
    const { kid } = await one.announced();
    store.move(kid, 'other');
    clock.advance(60_000);

    await expect(one.privateKey('other')).rejects.toMatchObject({ code: 'seal_broken' });
  });
});
