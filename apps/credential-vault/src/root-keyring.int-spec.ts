import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealKey, storeCredential } from '@connect/contracts';
import { secret } from '@connect/domain';
import { credentialClaims, publicJwk, sealTo } from '@connect/sealing';
import { PostgresWrappedKeys } from './infrastructure/postgres-wrapped-keys.store.js';
import { parseRootKeyring } from './keyring/root-keyring.js';
import { RewrapKeys } from './rewrap-keys/rewrap-keys.use-case.js';
import { keyringOf, newPlace, randomKey, VaultWorld } from './running-vault.fake.js';

const [first, second] = [randomKey(), randomKey()];
const read = (text: string) => text;

let vault: VaultWorld;
beforeAll(async () => {
  vault = await VaultWorld.open();
});
afterAll(() => vault?.close());

describe('replicas', () => {
  it('share the transport key and open what the other stored', async () => {
    const [one, other] = [await vault.start(keyringOf(1, { 1: first })), await vault.start(keyringOf(1, { 1: first }))];
    const place = newPlace();
    const kids = new Set(await Promise.all(Array.from({ length: 20 }, async () => (await vault.gateway.ask(sealKey, {})).kid)));
    await vault.store(place, 'token');

    await vault.stop(one);
    const seen = (await vault.lease(place)).credential.open(read);
    await vault.stop(other);

    expect(kids.size).toBe(1);
    expect(seen).toBe('token');
  });

  it('answer key_unknown to a value that was sealed to a key they do not hold', async () => {
    const replica = await vault.start(keyringOf(1, { 1: first }));
    const place = newPlace();
    const ask = { tenant_id: place.tenantId, application_id: place.applicationId, credential_id: place.credentialId, provider: place.provider, version: place.version };
    const { jwk } = await vault.gateway.ask(sealKey, {});
    const sealed = await sealTo(publicJwk(jwk), 'vault-of-yesterday', secret('token'), credentialClaims(ask));

    await expect(vault.gateway.ask(storeCredential, { ...ask, sealed })).rejects.toMatchObject({ code: 'key_unknown' });
    await expect(vault.gateway.ask(storeCredential, { ...ask, sealed: 'nothing sealed' })).rejects.toMatchObject({ code: 'seal_broken' });
    await vault.stop(replica);
  });
});

describe('the root keyring', () => {
  it('rotates: with a new primary all keys are rewrapped, and the old one can be retired', async () => {
    const before = await vault.start(keyringOf(1, { 1: first }));
    const place = newPlace();
    await vault.store(place, 'token');
    await vault.stop(before);

    const during = await vault.start(keyringOf(2, { 1: first, 2: second }));
    const inUse = await vault.database.query('SELECT root_version FROM vault.tenant_key UNION SELECT root_version FROM vault.transport_key');
    await vault.stop(during);
    const after = await vault.start(keyringOf(2, { 2: second }));

    expect(inUse).toEqual([{ root_version: 2 }]);
    expect((await vault.lease(place)).credential.open(read)).toBe('token');
    await vault.stop(after);
  });

  it.each([
    ['another key under the same number', keyringOf(2, { 2: randomKey() })],
    ['the version in use missing', keyringOf(3, { 3: randomKey() })],
  ])('with %s refuses what runs before the first message', async (_what, keyring) => {
    const dataSource = await vault.openDatabase();
    const check = new RewrapKeys(new PostgresWrappedKeys(dataSource), parseRootKeyring(secret(keyring))).check();

    await expect(check).rejects.toMatchObject({ code: 'configuration' });
    await dataSource.destroy();
  });
});
