import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { movableClock, secret } from '@connect/domain';
import { tenantKeyPlace, type CredentialPlace } from './associated-data.js';
import { parseRootKeyring, rewrapped } from './root-keyring.js';
import { TenantKeys } from './tenant-keys.js';

const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const keyring = (text: unknown) => parseRootKeyring(secret(typeof text === 'string' ? text : JSON.stringify(text)));
const place: CredentialPlace = { tenantId: 'ten_1', applicationId: 'app_1', credentialId: 'cred_1', provider: 'hetzner', version: 1 };
const tenantKeys = (root = keyring({ primary: 1, keys: { 1: first } }), clock = movableClock(), most = 10) => new TenantKeys(root, clock, { keepMs: 60_000, most });

describe('the root keyring', () => {
  it('wraps with its primary and unwraps with every version', async () => {
    const before = keyring({ primary: 1, keys: { 1: first } });
    const after = keyring({ primary: 2, keys: { 1: first, 2: second } });
    const wrapped = await before.wrap(secret(Buffer.from('key')), tenantKeyPlace('ten_1', 1));

    const again = await rewrapped(after, wrapped, tenantKeyPlace('ten_1', 1));

    expect(again).toMatch(/^1\.2\./);
    expect((await after.unwrap(again!, tenantKeyPlace('ten_1', 1))).toString()).toBe('key');
    expect((await after.unwrap(wrapped, tenantKeyPlace('ten_1', 1))).toString()).toBe('key');
    expect(await rewrapped(after, again!, tenantKeyPlace('ten_1', 1))).toBeNull();
    await expect(before.unwrap(again!, tenantKeyPlace('ten_1', 1))).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it.each([
    ['no JSON', 'not json'], ['another form', { keys: { 1: first } }], ['an unknown field', { primary: 1, keys: { 1: first }, more: 1 }], ['a short key', { primary: 1, keys: { 1: 'c2hvcnQ=' } }],
    ['a missing primary', { primary: 3, keys: { 1: first } }], ['zeros', { primary: 1, keys: { 1: Buffer.alloc(32).toString('base64') } }], ['the same key twice', { primary: 1, keys: { 1: first, 2: first } }],
  ])('refuses %s and shows nothing of it', (_what, text) => {
    const reading = () => keyring(text);

    expect(reading).toThrow(/The root keyring is refused/);
    try { reading(); } catch (error) { expect(inspect(error, { depth: 9 })).not.toContain(first.slice(0, 12)); }
  });

  it('shows no key when it is printed', () => {
    const printed = inspect(keyring({ primary: 1, keys: { 1: first } }), { depth: 9, showHidden: true });

    expect(printed).not.toContain(first.slice(0, 12));
    expect(printed).not.toContain(Buffer.from(first, 'base64').toString('hex').slice(0, 12));
  });
});

describe('tenant keys', () => {
  it('open for their tenant and version only', async () => {
    const keys = tenantKeys();
    const wrapped = await keys.create('ten_1', 1);

    const key = await keys.unwrap('ten_1', wrapped);

    expect(key.open(key.seal(secret('token'), place), place).open((text) => text)).toBe('token');
    await expect(keys.unwrap('ten_2', wrapped)).rejects.toMatchObject({ code: 'seal_broken' });
    await expect(keys.unwrap('ten_1', { ...wrapped, version: 2 })).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('of two tenants do not open for each other', async () => {
    const keys = tenantKeys();
    const [mine, other] = [await keys.unwrap('ten_1', await keys.create('ten_1', 1)), await keys.unwrap('ten_2', await keys.create('ten_2', 1))];

    expect(() => other.open(mine.seal(secret('token'), place), place)).toThrow(/seal_broken/);
  });

  it('give the same fingerprint for the same secret of one tenant, and another one elsewhere', async () => {
    const keys = tenantKeys();
    const wrapped = await keys.create('ten_1', 1);
    const [mine, again, other] = [await keys.unwrap('ten_1', wrapped), await tenantKeys().unwrap('ten_1', wrapped), await keys.unwrap('ten_2', await keys.create('ten_2', 1))];

    expect(mine.fingerprint(secret('token'))).toMatch(/^[0-9a-f]{16}$/);
    expect(again.fingerprint(secret('token'))).toBe(mine.fingerprint(secret('token')));
    expect(mine.fingerprint(secret('token2'))).not.toBe(mine.fingerprint(secret('token')));
    expect(other.fingerprint(secret('token'))).not.toBe(mine.fingerprint(secret('token')));
  });

  it('stay in memory for a short time, and not more of them than allowed', async () => {
    const clock = movableClock();
    const root = keyring({ primary: 1, keys: { 1: first } });
    let unwrapped = 0;
    const counting = { ...root, unwrap: (...given: Parameters<typeof root.unwrap>) => { unwrapped += 1; return root.unwrap(...given); } };
    const keys = tenantKeys(counting, clock, 2);
    const [a, b, c] = [await keys.create('a', 1), await keys.create('b', 1), await keys.create('c', 1)];

    await keys.unwrap('a', a);
    await keys.unwrap('a', a);
    expect(unwrapped).toBe(1);
    clock.advance(60_000);
    await keys.unwrap('a', a);
    expect(unwrapped).toBe(2);
    await keys.unwrap('b', b);
    await keys.unwrap('c', c);
    await keys.unwrap('a', a);
    expect(unwrapped).toBe(5);
  });
});
