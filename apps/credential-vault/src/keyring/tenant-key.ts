import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Secret } from '@connect/domain';
import { credentialPlace, type CredentialPlace } from './associated-data.js';
import { openEnvelope, sealEnvelope, type Envelope } from './envelope.js';

/** One tenant's key in memory. Its bytes are in key objects, which do not print. */
export class TenantKey {
  readonly #sealing: KeyObject;
  readonly #fingerprints: KeyObject;

  private constructor(readonly version: number, sealing: KeyObject, fingerprints: KeyObject) {
    this.#sealing = sealing;
    this.#fingerprints = fingerprints;
  }

  /** From 32 bytes, which are overwritten. */
  static take(version: number, bytes: Buffer): TenantKey {
    const derived = Buffer.from(hkdfSync('sha256', bytes, '', 'connect-domain credential fingerprint v1', 32));
    const key = new TenantKey(version, createSecretKey(bytes), createSecretKey(derived));
    bytes.fill(0);
    derived.fill(0);
    return key;
  }

  seal(credential: Secret<string>, place: CredentialPlace): Envelope {
    return credential.open((text) => sealEnvelope(this.#sealing, this.version, Buffer.from(text, 'utf8'), credentialPlace(place)));
  }

  /** Throws `seal_broken` when the envelope was not sealed in this place with this key. */
  open(envelope: Envelope, place: CredentialPlace): Secret<string> {
    const bytes = openEnvelope((version) => (version === this.version ? this.#sealing : undefined), envelope, credentialPlace(place));
    const credential = new Secret(bytes.toString('utf8'));
    bytes.fill(0);
    return credential;
  }

  /** 16 hex digits that are the same for the same secret of this tenant, and say nothing without the key (HMAC-SHA-256 under a derived key). */
  fingerprint(credential: Secret<string>): string {
    return credential.open((text) => createHmac('sha256', this.#fingerprints).update(text, 'utf8').digest('hex').slice(0, 16));
  }
}
