import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { credentialPlace, encodeFields, tenantKeyPlace, transportKeyPlace, type CredentialPlace } from './associated-data.js';
import { keyVersionOf, openEnvelope, sealEnvelope } from './envelope.js';

const key = createSecretKey(randomBytes(32));
const keyOf = (version: number) => (version === 7 ? key : undefined);
const place: CredentialPlace = { tenantId: 'ten_1', applicationId: 'app_1', credentialId: 'cred_1', provider: 'hetzner', version: 1 };

describe('an envelope', () => {
  it('gives back what was sealed, in the same place', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      const envelope = sealEnvelope(key, 7, bytes, credentialPlace(place));
      expect(new Uint8Array(openEnvelope(keyOf, envelope, credentialPlace(place)))).toEqual(bytes);
    }));
  });

  it('begins with format version and key version', () => {
    const envelope = sealEnvelope(key, 7, Buffer.from('value'), credentialPlace(place));

    expect(envelope).toMatch(/^1\.7\.[A-Za-z0-9_-]+$/);
    expect(keyVersionOf(envelope)).toBe(7);
  });

  it.each([
    ['tenant', { tenantId: 'ten_2' }], ['application', { applicationId: 'app_2' }], ['row', { credentialId: 'cred_2' }], ['provider', { provider: 'ionos' }], ['version', { version: 2 }],
  ])('does not open when it was moved to another %s', (_what, other) => {
    const envelope = sealEnvelope(key, 7, Buffer.from('value'), credentialPlace(place));

    expect(() => openEnvelope(keyOf, envelope, credentialPlace({ ...place, ...other }))).toThrow(/does not open in the place/);
  });

  it('does not open as another kind of value', () => {
    const envelope = sealEnvelope(key, 7, Buffer.from('value'), tenantKeyPlace('k', 1));

    expect(() => openEnvelope(keyOf, envelope, transportKeyPlace('k'))).toThrow(/does not open in the place/);
  });

  it('does not open when any character of it changed', () => {
    const envelope = sealEnvelope(key, 7, Buffer.from('value'), credentialPlace(place));

    for (let at = 0; at < envelope.length; at += 1) {
      const changed = envelope.slice(0, at) + (envelope[at] === '3' ? '4' : '3') + envelope.slice(at + 1);
      expect(() => openEnvelope(() => key, changed, credentialPlace(place))).toThrow(/seal_broken/);
    }
  });

  it('says which key it misses, and refuses a format it does not know', () => {
    const envelope = sealEnvelope(key, 7, Buffer.from('value'), credentialPlace(place));

    expect(() => openEnvelope(() => undefined, envelope, credentialPlace(place))).toThrow(/no key of version 7/);
    expect(() => openEnvelope(keyOf, envelope.replace(/^1/, '2'), credentialPlace(place))).toThrow(/format 2 is not known/);
    expect(() => openEnvelope(keyOf, 'x', credentialPlace(place))).toThrow(/not an envelope/);
  });

  it('never seals twice with the same nonce', () => {
    const nonces = Array.from({ length: 1_000 }, () => sealEnvelope(key, 7, Buffer.from('v'), credentialPlace(place)).split('.')[2]!.slice(0, 16));

    expect(new Set(nonces).size).toBe(1_000);
  });
});

describe('associated data', () => {
  it('is different for different fields, wherever their borders are', () => {
    fc.assert(fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
      const isSame = encodeFields(a).equals(encodeFields(b));
      expect(isSame).toBe(JSON.stringify(a) === JSON.stringify(b));
    }));
    expect(encodeFields(['ab', 'c']).equals(encodeFields(['a', 'bc']))).toBe(false);
  });
});
