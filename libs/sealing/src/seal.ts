import { compactDecrypt, decodeProtectedHeader, type CryptoKey } from 'jose';
import { z } from 'zod';
import { ConnectError, Secret } from '@connect/domain';
import { encryptCompact } from './compact-jwe.js';
import { contentEncryption, keyAgreement, unusableKey, type PublicJwk } from './public-jwk.js';

/** What a sealed value is bound to. It stands readable in the protected header, and changing it breaks the seal. */
export type Claims = Readonly<Record<string, string | number | null | readonly string[]>>;

const Header = z.object({
  kid: z.string().optional(),
  claims: z.record(z.string(), z.union([z.string(), z.number(), z.null(), z.array(z.string())])),
});
type Header = z.infer<typeof Header>;

/**
 * Seals `plaintext` to a public key as a compact JWE (RFC 7516): ECDH-ES, A256GCM. The claims travel in the protected header under `claims`,
 * marked critical (section 4.1.13): a reader which does not know them must refuse. `kid` null: the receiver has one key only.
 */
export async function sealTo(jwk: PublicJwk, kid: string | null, plaintext: Secret<string>, claims: Claims): Promise<string> {
  const header = { ...(kid === null ? {} : { kid }), crit: ['claims'], claims };
  try {
    return plaintext.open((text) => encryptCompact(jwk, Buffer.from(text, 'utf8'), header));
  } catch {
    // A point of small order gives a shared secret of zeros, which OpenSSL refuses (RFC 7748 section 6.1).
    throw unusableKey();
  }
}

/**
 * Opens a compact JWE of {@link sealTo}. Each of the `expected` claims must be there and be equal; claims that are not named are not looked at.
 * Throws `seal_broken` for a wrong key, a changed value and a differing claim alike: the error does not say which, except for the claim's name.
 */
export async function openWith(privateKey: CryptoKey, jwe: string, expected: Claims): Promise<Secret<string>> {
  const opened = await decrypt(privateKey, jwe);
  for (const [name, value] of Object.entries(expected)) {
    if (!isSame(opened.header.claims[name], value)) throw new ConnectError('seal_broken', { detail: `The sealed value is bound to another ${name}.` });
  }
  return opened.plaintext;
}

/** The `kid` and claims of a JWE, before anything is proven. For choosing a key; to be trusted only after {@link openWith}. */
export function unprovenHeader(jwe: string): Header {
  try {
    return Header.parse(decodeProtectedHeader(jwe));
  } catch {
    throw new ConnectError('seal_broken', { detail: 'This is not a sealed value.' });
  }
}

async function decrypt(privateKey: CryptoKey, jwe: string): Promise<{ header: Header; plaintext: Secret<string> }> {
  try {
    const options = { keyManagementAlgorithms: [keyAgreement], contentEncryptionAlgorithms: [contentEncryption], crit: { claims: true } };
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey, options);
    return { header: Header.parse(protectedHeader), plaintext: new Secret(new TextDecoder('utf-8', { fatal: true }).decode(plaintext)) };
  } catch {
    // Without the cause: what jose says about a value that somebody else made is not for logs.
    throw new ConnectError('seal_broken', { detail: 'The sealed value does not open with this key.' });
  }
}

function isSame(found: Claims[string] | undefined, expected: Claims[string]): boolean {
  return JSON.stringify(found) === JSON.stringify(expected);
}
