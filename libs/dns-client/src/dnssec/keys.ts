import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { OwnerName } from '@connect/domain';
import { nameOctets } from './signed-set.js';

/** A key of a zone (RFC 4034 2). */
export type Dnskey = { flags: number; protocol: number; algorithm: number; publicKey: Buffer; keyTag: number; data: Buffer };

/** What a parent says of a child's key (RFC 4034 5). `digest` in lower-case hex. */
export type Ds = { keyTag: number; algorithm: number; digestType: number; digest: string };

/** https://www.iana.org/assignments/dns-sec-alg-numbers, verified 2026-11-25. What is not here counts as unsigned, as it does for a resolver that does not know it (RFC 4035 5.2). */
const hashes: Record<number, { hash: string | null; kind: 'rsa' | 'ec' | 'okp'; curve?: string; octets?: number }> = {
  5: { hash: 'sha1', kind: 'rsa' },
  7: { hash: 'sha1', kind: 'rsa' },
  8: { hash: 'sha256', kind: 'rsa' },
  10: { hash: 'sha512', kind: 'rsa' },
  13: { hash: 'sha256', kind: 'ec', curve: 'P-256', octets: 64 },
  14: { hash: 'sha384', kind: 'ec', curve: 'P-384', octets: 96 },
  15: { hash: null, kind: 'okp', curve: 'Ed25519', octets: 32 },
  16: { hash: null, kind: 'okp', curve: 'Ed448', octets: 57 },
};

/** https://www.iana.org/assignments/ds-rr-types, verified 2026-11-25 */
const digestTypes: Record<number, string> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' };

const zoneKeyFlag = 0x0100;
const revokedFlag = 0x0080;
const dnssecProtocol = 3;

export function readDnskey(data: Buffer): Dnskey | null {
  if (data.length < 5) return null;
  return { flags: data.readUInt16BE(0), protocol: data[2]!, algorithm: data[3]!, publicKey: data.subarray(4), keyTag: keyTagOf(data), data };
}

export function readDs(data: Buffer): Ds | null {
  if (data.length < 5) return null;
  return { keyTag: data.readUInt16BE(0), algorithm: data[2]!, digestType: data[3]!, digest: data.toString('hex', 4) };
}

/** RFC 4034 appendix B; the tag of the obsolete algorithm 1 is not wanted. */
function keyTagOf(data: Buffer): number {
  let sum = 0;
  data.forEach((octet, at) => { sum += at % 2 === 0 ? octet << 8 : octet; });
  return (sum + (sum >>> 16)) & 0xffff;
}

/** May this key sign a zone's data? Not a revoked one (RFC 5011), nor one for something else. */
export function isZoneKey(key: Dnskey): boolean {
  return (key.flags & zoneKeyFlag) !== 0 && (key.flags & revokedFlag) === 0 && key.protocol === dnssecProtocol;
}

export function isKnownAlgorithm(algorithm: number): boolean {
  return hashes[algorithm] !== undefined;
}

export function isKnownDs(ds: Ds): boolean {
  return isKnownAlgorithm(ds.algorithm) && digestTypes[ds.digestType] !== undefined;
}

/** Is this the key that the parent means? The digest is over the owner name and the key's data. */
export function isKeyOfDs(zone: OwnerName, ds: Ds, key: Dnskey): boolean {
  const hash = digestTypes[ds.digestType];
  if (hash === undefined || ds.keyTag !== key.keyTag || ds.algorithm !== key.algorithm) return false;
  return createHash(hash).update(nameOctets(zone)).update(key.data).digest('hex') === ds.digest;
}

/** `hash` is what `crypto.verify` wants first. Null: the algorithm is not known, or the key is no key of it. */
export function publicKeyOf(key: Dnskey): { key: KeyObject; hash: string | null } | null {
  const kind = hashes[key.algorithm];
  if (kind === undefined || (kind.octets !== undefined && kind.octets !== key.publicKey.length)) return null;
  const jwk = kind.kind === 'rsa' ? rsaKey(key.publicKey) : pointKey(kind.kind, kind.curve ?? '', key.publicKey);
  if (jwk === null) return null;
  try {
    return { key: createPublicKey({ key: jwk, format: 'jwk' }), hash: kind.hash };
  } catch {
    return null; // a point that is not on its curve, for example
  }
}

/** RFC 3110 2: the length of the exponent in one octet, or in the two after a zero. */
function rsaKey(octets: Buffer): JsonWebKey | null {
  const isLong = octets[0] === 0;
  if (octets.length < 3) return null;
  const length = isLong ? octets.readUInt16BE(1) : octets[0]!;
  const start = isLong ? 3 : 1;
  if (length === 0 || octets.length <= start + length) return null;
  return { kty: 'RSA', e: octets.subarray(start, start + length).toString('base64url'), n: octets.subarray(start + length).toString('base64url') };
}

/** RFC 6605 4: both coordinates one after the other. RFC 8080 3: the key as it is. */
function pointKey(kind: 'ec' | 'okp', curve: string, octets: Buffer): JsonWebKey {
  if (kind === 'okp') return { kty: 'OKP', crv: curve, x: octets.toString('base64url') };
  const half = octets.length / 2;
  return { kty: 'EC', crv: curve, x: octets.subarray(0, half).toString('base64url'), y: octets.subarray(half).toString('base64url') };
}
