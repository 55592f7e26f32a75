import { exportJWK, generateKeyPair, importJWK, type CryptoKey } from 'jose';
import { ConnectError, Secret } from '@connect/domain';
import { keyAgreement, publicJwk, type PublicJwk } from './public-jwk.js';

export type EphemeralKeyPair = { publicJwk: PublicJwk; privateKey: CryptoKey };

/** A key pair that lives in this process only; its private key cannot be exported. One pair for one lease: see `leaseBox`. */
export async function ephemeralKeyPair(): Promise<EphemeralKeyPair> {
  const pair = await generateKeyPair(keyAgreement, { crv: 'X25519', extractable: false });
  return { publicJwk: publicJwk(await exportJWK(pair.publicKey)), privateKey: pair.privateKey };
}

export type TransportKeyPair = { publicJwk: PublicJwk; privateJwk: Secret<string> };

/** A key pair to be kept: the private JWK as JSON text, for whoever stores it sealed. */
export async function transportKeyPair(): Promise<TransportKeyPair> {
  const pair = await generateKeyPair(keyAgreement, { crv: 'X25519', extractable: true });
  return { publicJwk: publicJwk(await exportJWK(pair.publicKey)), privateJwk: new Secret(JSON.stringify(await exportJWK(pair.privateKey))) };
}

/** The private key of {@link transportKeyPair}, not exportable from here on. Throws `seal_broken` if it is not one. */
export async function importPrivateKey(privateJwk: Secret<string>): Promise<CryptoKey> {
  try {
    return (await importJWK(privateJwk.open((text) => JSON.parse(text) as Record<string, string>), keyAgreement, { extractable: false })) as CryptoKey;
  } catch {
    throw new ConnectError('seal_broken', { detail: 'A stored transport key is not a key.' });
  }
}
