import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assertAbsent, canary, eventually } from '@connect/testing';
import { keyringOf, newPlace, randomKey, VaultWorld } from './running-vault.fake.js';

const rootKey = randomKey();
const read = (text: string) => text;

let vault: VaultWorld;
// One replica to the end: the spy on `>` counts as interest in the inbox of a stopped one, and the bus would go on delivering commands to it.
beforeAll(async () => {
  vault = await VaultWorld.open();
  await vault.start(keyringOf(1, { 1: rootKey }));
});
afterAll(() => vault?.close());

describe('secrets stay in their rooms (P7)', () => {
  it('a stored and leased credential is seen in no log line, no message and no row', async () => {
    const token = canary('provider token', 'hetzner_');
    const place = newPlace();

    await vault.store(place, token.value);
    await vault.store(place, token.value);
    expect((await vault.lease(place)).credential.open(read)).toBe(token.value);
    await vault.database.query(`UPDATE vault.credential SET provider = 'ionos' WHERE credential_id = $1`, [place.credentialId]);
    await expect(vault.lease({ ...place, provider: 'ionos' })).rejects.toMatchObject({ code: 'seal_broken' });
    await expect(vault.store(place, `${token.value}2`)).rejects.toMatchObject({ code: 'provider_mismatch' });
    await expect(vault.store(newPlace(), token.value, place)).rejects.toMatchObject({ code: 'seal_broken' });
    await vault.destroy(place);
    await eventually(() => vault.heard.includes('evt.vault.credential-destroyed'));

    expect(vault.heard).toContain('rpc.vault.store-credential');
    assertAbsent(token, vault.heard, 'a message on the bus');
    assertAbsent(token, vault.logged, 'the log');
    assertAbsent({ name: 'root key', value: rootKey }, `${vault.logged}${vault.heard}`, 'the log or the bus');
    for (const { table } of await vault.database.query<{ table: string }>(`SELECT table_name AS table FROM information_schema.tables WHERE table_schema = 'vault'`)) {
      assertAbsent(token, JSON.stringify(await vault.database.query(`SELECT * FROM vault.${table}`)), `the table ${table}`);
    }
  });

  it('a failing statement shows no secret either', async () => {
    const token = canary('token of a failing statement', 'hetzner_');
    await vault.database.query('ALTER TABLE vault.credential ADD CONSTRAINT refuses_all CHECK (version < 0) NOT VALID');

    await expect(vault.store(newPlace(), token.value)).rejects.toMatchObject({ code: 'internal' });
    await vault.database.query('ALTER TABLE vault.credential DROP CONSTRAINT refuses_all');

    expect(vault.logged).toContain('23514');
    assertAbsent(token, `${vault.logged}${vault.heard}`, 'the log or the bus');
  });
});
