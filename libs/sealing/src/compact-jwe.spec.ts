import { describe, expect, it } from '@jest/globals';
import { compactDecrypt, exportJWK, generateKeyPair, importJWK } from 'jose';
import { concatKdf, encryptCompact } from './compact-jwe.js';
import { publicJwk } from './public-jwk.js';

describe('a compact JWE', () => {
  it('opens with jose, which knows nothing of how it was made', async () => {
    const pair = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });

    const jwe = encryptCompact(publicJwk(await exportJWK(pair.publicKey)), Buffer.from('välue'), { kid: 'k1' });
    const opened = await compactDecrypt(jwe, pair.privateKey, { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] });

    expect(Buffer.from(opened.plaintext).toString()).toBe('välue');
    expect(opened.protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'k1', epk: { kty: 'OKP', crv: 'X25519' } });
  });

  it('has a fresh ephemeral key and nonce each time', async () => {
    const pair = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
    const jwk = publicJwk(await exportJWK(pair.publicKey));

    const made = Array.from({ length: 50 }, () => encryptCompact(jwk, Buffer.from('value'), {}).split('.'));

    for (const part of [0, 2, 3]) expect(new Set(made.map((parts) => parts[part])).size).toBe(50);
  });

  it('cannot be told another algorithm by its parameters', async () => {
    const pair = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
    const jwk = publicJwk(await exportJWK(pair.publicKey));

    const jwe = encryptCompact(jwk, Buffer.from('value'), { alg: 'dir', enc: 'A128GCM' });

    await expect(compactDecrypt(jwe, await importJWK(await exportJWK(pair.privateKey), 'ECDH-ES'))).resolves.toBeDefined();
  });

  it('derives keys as RFC 7518 appendix C does', () => {
    const sharedSecret = Buffer.from([158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196]);

    expect(concatKdf(sharedSecret, 'A128GCM', 128, 'Alice', 'Bob').toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg');
  });
});
