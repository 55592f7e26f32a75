import { describe, expect, it } from '@jest/globals';
import { CompactEncrypt, decodeProtectedHeader, importJWK } from 'jose';
import fc from 'fast-check';
import { secret } from '@connect/domain';
import { credentialClaims, ephemeralKeyPair, importPrivateKey, openWith, publicJwk, sealTo, transportKeyPair, unprovenHeader } from './index.js';

const claims = credentialClaims({ tenant_id: 'ten_1', application_id: 'app_1', credential_id: 'cred_1', provider: 'hetzner', version: 1 });
const read = (text: string) => text;

describe('a sealed value', () => {
  it('opens with the private key and the same claims', async () => {
    const pair = await ephemeralKeyPair();

    await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      const sealed = await sealTo(pair.publicJwk, 'k1', secret(text), claims);
      expect((await openWith(pair.privateKey, sealed, claims)).open(read)).toBe(text);
    }), { numRuns: 25 });
  });

  it.each(Object.keys(claims))('does not open when %s differs', async (name) => {
    const pair = await ephemeralKeyPair();
    const sealed = await sealTo(pair.publicJwk, 'k1', secret('value'), claims);

    const opening = openWith(pair.privateKey, sealed, { ...claims, [name]: 'other' });

    await expect(opening).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('does not open when its header was rewritten to fit', async () => {
    const pair = await ephemeralKeyPair();
    const sealed = await sealTo(pair.publicJwk, 'k1', secret('value'), claims);
    const [header, ...rest] = sealed.split('.');
    const forged = { ...JSON.parse(Buffer.from(header!, 'base64url').toString()), claims: { ...claims, tenant_id: 'ten_2' } };
    const moved = [Buffer.from(JSON.stringify(forged)).toString('base64url'), ...rest].join('.');

    await expect(openWith(pair.privateKey, moved, { ...claims, tenant_id: 'ten_2' })).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('does not open with another key, or when a bit of it changed', async () => {
    const [pair, other] = [await ephemeralKeyPair(), await ephemeralKeyPair()];
    const sealed = await sealTo(pair.publicJwk, 'k1', secret('value'), claims);
    const changed = sealed.slice(0, -1) + (sealed.endsWith('A') ? 'Q' : 'A');

    await expect(openWith(other.privateKey, sealed, claims)).rejects.toMatchObject({ code: 'seal_broken' });
    await expect(openWith(pair.privateKey, changed, claims)).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('is refused when it was made with another algorithm or names no claims', async () => {
    const pair = await ephemeralKeyPair();
    const key = await importJWK({ ...pair.publicJwk }, 'ECDH-ES');
    const text = new TextEncoder().encode('value');
    const wrapped = await new CompactEncrypt(text).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', claims }).encrypt(key);
    const bare = await new CompactEncrypt(text).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' }).encrypt(key);

    await expect(openWith(pair.privateKey, wrapped, claims)).rejects.toMatchObject({ code: 'seal_broken' });
    await expect(openWith(pair.privateKey, bare, {})).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('says its key id and that its claims are critical, and shows nothing of the value', async () => {
    const pair = await ephemeralKeyPair();

    const sealed = await sealTo(pair.publicJwk, 'k1', secret('value-to-hide'), claims);

    expect(unprovenHeader(sealed)).toEqual({ kid: 'k1', claims });
    expect(decodeProtectedHeader(sealed)).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', crit: ['claims'] });
    expect(Buffer.from(sealed.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('value-to-hide');
  });

  it.each(['', 'a.b.c.d.e', 'not sealed'])('says seal_broken, not what it saw, of %j', async (text) => {
    const pair = await ephemeralKeyPair();

    await expect(openWith(pair.privateKey, text, {})).rejects.toThrow(/does not open with this key/);
    expect(() => unprovenHeader(text)).toThrow(/not a sealed value/);
  });
});

describe('keys', () => {
  it('a kept key pair opens what was sealed to it, after it was stored as text', async () => {
    const kept = await transportKeyPair();
    const sealed = await sealTo(kept.publicJwk, 'k2', secret('value'), claims);

    const privateKey = await importPrivateKey(kept.privateJwk);

    expect((await openWith(privateKey, sealed, claims)).open(read)).toBe('value');
    expect(privateKey.extractable).toBe(false);
    expect(JSON.stringify(kept)).not.toContain('"d"');
  });

  it('a public key that carries its private part, or is of another curve, is refused without repeating it', async () => {
    const x = 'A'.repeat(43);
    const bad = [{ kty: 'OKP', crv: 'X25519', x, d: 'B'.repeat(43) }, { kty: 'EC', crv: 'P-256', x, y: x }, { kty: 'OKP', crv: 'X25519', x: 'short' }, 'text', null];

    for (const jwk of bad) expect(() => publicJwk(jwk)).toThrow('malformed_request: The JWK is not a public X25519 key.');
  });

  it('nothing is sealed to the point that makes every shared secret zero (RFC 7748 section 6.1)', async () => {
    const sealing = sealTo({ kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) }, null, secret('value'), claims);

    await expect(sealing).rejects.toMatchObject({ code: 'malformed_request' });
  });
});
