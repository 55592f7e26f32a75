import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '@connect/config';
import { temporaryFolder } from '@connect/testing';
import { CredentialVaultConfig } from './credential-vault.config.js';
import { readRootKeyring } from './infrastructure/read-root-keyring.js';

const key = randomBytes(32).toString('base64');
const base = { DATABASE_URL: 'postgres://vault:pw@127.0.0.1/x', NATS_URL: 'nats://vault:pw@127.0.0.1:4222' };
const keyring = (more: object = {}) => JSON.stringify({ primary: 1, keys: { 1: key }, ...more });
const read = (env: Record<string, string>) => readRootKeyring(loadConfig(CredentialVaultConfig, { ...base, ...env }));

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => { folder = temporaryFolder('keyring'); });
afterAll(() => folder.remove());

describe('the settings of the vault', () => {
  it('take the root keyring from the environment or from a file', () => {
    const path = join(folder.path, 'keyring.json');
    writeFileSync(path, keyring());

    expect(read({ ROOT_KEYRING: keyring() }).primary).toBe(1);
    expect(read({ ROOT_KEYRING_FILE: path }).primary).toBe(1);
  });

  it('refuse a keyring for development in production, which is where one is unless it says otherwise', () => {
    expect(() => read({ ROOT_KEYRING: keyring({ development: true }) })).toThrow(/one for development/);
    expect(read({ ROOT_KEYRING: keyring({ development: true }), NODE_ENV: 'development' }).isDevelopment).toBe(true);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['none', {}, /nor is ROOT_KEYRING_FILE/],
    ['two', { ROOT_KEYRING: keyring(), ROOT_KEYRING_FILE: '/x' }, /both set/],
    ['a file that is not there', { ROOT_KEYRING_FILE: '/not-there' }, /ENOENT/],
    ['text that is no keyring', { ROOT_KEYRING: `${key} is the key` }, /not JSON/],
  ])('refuse %s and show nothing of it', (_what, env, why) => {
    const reading = () => read(env);

    expect(reading).toThrow(why);
    try { reading(); } catch (error) { expect(inspect(error, { depth: 9 })).not.toContain(key.slice(0, 10)); }
  });
});
