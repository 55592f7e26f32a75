import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { ConnectError } from '@connect/domain';
import { encodeFields, type AssociatedData } from './associated-data.js';

/**
 * A sealed value at rest, `1.<key version>.<base64url of nonce ‖ ciphertext ‖ tag>`: format version 1 is AES-256-GCM with a random 96-bit nonce
 * and a 128-bit tag. The format is final (docs/adr/0003-envelope-format.md); another one gets another number.
 */
export type Envelope = string;

const formatVersion = '1';
const nonceBytes = 12;
const tagBytes = 16;
const envelopeForm = /^([1-9][0-9]{0,4})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{38,})$/;

/** Seals `plaintext` in its place. A key seals at most 2^32 values (random nonces, NIST SP 800-38D section 8.3). */
export function sealEnvelope(key: KeyObject, keyVersion: number, plaintext: Uint8Array, place: AssociatedData): Envelope {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(authenticated(keyVersion, place));
  const sealed = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return `${formatVersion}.${keyVersion}.${sealed.toString('base64url')}`;
}

/** Opens an envelope with the key that `keyOf` has for its version. Throws `seal_broken`: another place, a changed value, an unknown key. */
export function openEnvelope(keyOf: (version: number) => KeyObject | undefined, envelope: Envelope, place: AssociatedData): Buffer {
  const { keyVersion, sealed } = parse(envelope);
  const key = keyOf(keyVersion);
  if (key === undefined) throw new ConnectError('seal_broken', { detail: `There is no key of version ${keyVersion} for a sealed ${place[0]}.` });
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(authenticated(keyVersion, place));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    throw new ConnectError('seal_broken', { detail: `A sealed ${place[0]} does not open in the place where it stands.` });
  }
}

/** Which version of the key an envelope was sealed with. */
export function keyVersionOf(envelope: Envelope): number {
  return parse(envelope).keyVersion;
}

function parse(envelope: Envelope): { keyVersion: number; sealed: Buffer } {
  const [, format, keyVersion, text] = envelopeForm.exec(envelope) ?? [];
  if (format === undefined || keyVersion === undefined || text === undefined) throw new ConnectError('seal_broken', { detail: 'A sealed value is not an envelope.' });
  if (format !== formatVersion) throw new ConnectError('seal_broken', { detail: `The envelope format ${format} is not known.` });
  const sealed = Buffer.from(text, 'base64url');
  // One value, one text: spare bits at the end would let two texts stand for the same bytes.
  if (sealed.toString('base64url') !== text) throw new ConnectError('seal_broken', { detail: 'A sealed value is not an envelope.' });
  return { keyVersion: Number(keyVersion), sealed };
}

function authenticated(keyVersion: number, place: AssociatedData): Buffer {
  return encodeFields([formatVersion, String(keyVersion), ...place]);
}
