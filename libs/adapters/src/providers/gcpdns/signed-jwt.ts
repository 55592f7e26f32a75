import { sign, type KeyObject } from 'node:crypto';

export type JwtClaims = Readonly<Record<string, string | number>>;

/** A JWT signed with RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7515, RFC 7518 3.3). `keyId` tells Google which key of the account it was. */
export function signedJwt({ keyId, privateKey }: { keyId: string | null; privateKey: KeyObject }, claims: JwtClaims): string {
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) };
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`;
}
