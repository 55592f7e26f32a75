import { describe, expect, it } from '@jest/globals';
import { Secret, secret } from '@connect/domain';
import { tenantKeyPlace } from '../keyring/associated-data.js';
import { parseRootKeyring } from '../keyring/root-keyring.js';
import type { WrappedKeys } from '../ports/wrapped-keys.port.js';
import { keyringOf, randomKey } from '../running-vault.fake.js';
import { RewrapKeys } from './rewrap-keys.use-case.js';

describe('a key that was moved to another row', () => {
  it('is named by its row, at the start as in a round', async () => {
    const keys = { 1: randomKey(), 2: randomKey() };
    const envelope = await parseRootKeyring(secret(keyringOf(1, keys))).wrap(new Secret(Buffer.alloc(32, 7)), tenantKeyPlace('ten_other', 1));
    const place = tenantKeyPlace('ten_1', 3);
    const stored: WrappedKeys = { samples: () => Promise.resolve([{ envelope, place }]), rewrapSome: async (_primary, _most, rewrap) => (await rewrap(envelope, place)).length };
    const rewrapKeys = new RewrapKeys(stored, parseRootKeyring(secret(keyringOf(2, keys))));

    await expect(rewrapKeys.run()).rejects.toMatchObject({ code: 'seal_broken', detail: expect.stringContaining('tenant_key ten_1 3') });
    await expect(rewrapKeys.check()).rejects.toMatchObject({ code: 'configuration', detail: expect.stringContaining('tenant_key ten_1 3') });
  });
});
