import { z } from 'zod';
import { ConnectError } from '@connect/domain';

/**
 * A public key that something may be sealed to: X25519 (RFC 8037), and nothing else, so that no peer chooses a weak curve. Strict: a JWK that
 * carries its private part `d` is refused, because then the key has already travelled. `x` is 32 bytes in base64url.
 */
export const PublicJwk = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('X25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type PublicJwk = z.infer<typeof PublicJwk>;

/** Reads a JWK that came over the bus. Throws `malformed_request`; the error does not repeat what was sent. */
export function publicJwk(sent: unknown): PublicJwk {
  const parsed = PublicJwk.safeParse(sent);
  if (!parsed.success) throw unusableKey();
  return parsed.data;
}

/** ECDH-ES with direct key agreement (RFC 7518 section 4.6): one key for one value. */
export const keyAgreement = 'ECDH-ES';
/** AES-256-GCM as content encryption (RFC 7518 section 5.3). */
export const contentEncryption = 'A256GCM';

export function unusableKey(): ConnectError {
  return new ConnectError('malformed_request', { detail: 'The JWK is not a public X25519 key.' });
}
