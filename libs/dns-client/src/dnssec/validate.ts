import { verify } from 'node:crypto';
import { isWithin, labelsOf, type OwnerName } from '@connect/domain';
import { classIn, typeCode } from '../codes.js';
import { isKeyOfDs, isKnownAlgorithm, isKnownDs, isZoneKey, publicKeyOf, readDnskey, type Dnskey, type Ds } from './keys.js';
import { nameOctets, type Rrsig, type SignedSet } from './signed-set.js';

/**
 * Why a chain does not hold. `no_keys`: the parent has a DS and the zone no DNSKEY. `no_matching_key`: it has others. `unsigned`: no signature where
 * one must be. `expired`, `not_yet_valid`: the times of every signature. `unknown_key`: signed with keys that the zone does not have. `wrong_signature`: the
 * data are not those that were signed.
 */
export type BogusReason = 'no_keys' | 'no_matching_key' | 'unsigned' | 'expired' | 'not_yet_valid' | 'unknown_key' | 'wrong_signature';

/** `unknown`: only algorithms that are not known here; nothing can be said. */
export type SetCheck = { outcome: 'valid'; isFromWildcard: boolean } | { outcome: 'unknown' } | { outcome: 'bogus'; reason: BogusReason };
export type KeysCheck = { outcome: 'secure'; keys: Dnskey[] } | { outcome: 'insecure' } | { outcome: 'bogus'; reason: BogusReason };

/** From nearest to right to farthest: of several signatures that do not hold, the nearest miss says what is wrong. */
const nearest: readonly BogusReason[] = ['expired', 'not_yet_valid', 'wrong_signature', 'unknown_key', 'unsigned'];

/**
 * Do the keys of a zone hold what the parent says of them (RFC 4035 5.2)? Without a DS the zone is insecure, and so it is if every DS is of an unknown kind.
 * `dnskeys` null: the zone's servers have no such set.
 */
export function checkZoneKeys(zone: OwnerName, dss: readonly Ds[], dnskeys: SignedSet | null, now: Date): KeysCheck {
  const known = strongest(dss.filter(isKnownDs));
  if (known.length === 0) return { outcome: 'insecure' };
  const keys = keysOf(dnskeys);
  if (dnskeys === null || keys.length === 0) return { outcome: 'bogus', reason: 'no_keys' };
  const entries = keys.filter((key) => known.some((ds) => isKeyOfDs(zone, ds, key)));
  if (entries.length === 0) return { outcome: 'bogus', reason: 'no_matching_key' };
  const check = checkSet(dnskeys, zone, entries, now);
  if (check.outcome === 'valid') return { outcome: 'secure', keys };
  return check.outcome === 'unknown' ? { outcome: 'insecure' } : check;
}

/** Does one of the set's signatures hold, by one of the zone's keys (RFC 4035 5.3)? That no nearer name exists, which a wildcard's answer has to prove as well, is not looked at. */
export function checkSet(set: SignedSet, zone: OwnerName, keys: readonly Dnskey[], now: Date): SetCheck {
  const known = set.signatures.filter((signature) => isKnownAlgorithm(signature.algorithm));
  if (known.length === 0) return set.signatures.length > 0 ? { outcome: 'unknown' } : { outcome: 'bogus', reason: 'unsigned' };
  const misses: BogusReason[] = [];
  for (const signature of known) {
    const miss = missOf(set, signature, zone, keys, now);
    if (miss === null) return { outcome: 'valid', isFromWildcard: signature.labels < labelCount(set.ownerName) };
    misses.push(miss);
  }
  return { outcome: 'bogus', reason: nearest.find((reason) => misses.includes(reason)) ?? 'wrong_signature' };
}

export function keysOf(dnskeys: SignedSet | null): Dnskey[] {
  return (dnskeys?.data ?? []).map(readDnskey).filter((key) => key !== null).filter(isZoneKey);
}

/** Where a stronger digest is there, SHA-1 does not count (RFC 4509 3). */
function strongest(dss: readonly Ds[]): readonly Ds[] {
  const better = dss.filter((ds) => ds.digestType !== 1);
  return better.length > 0 ? better : dss;
}

function missOf(set: SignedSet, signature: Rrsig, zone: OwnerName, keys: readonly Dnskey[], now: Date): BogusReason | null {
  if (signature.signer !== zone || !isWithin(set.ownerName, zone) || signature.labels > labelCount(set.ownerName)) return 'wrong_signature';
  const seconds = Math.floor(now.getTime() / 1000);
  // Serial numbers (RFC 4034 3.1.5): the difference modulo 2^32 has a sign.
  if (((signature.expiration - seconds) | 0) < 0) return 'expired';
  if (((seconds - signature.inception) | 0) < 0) return 'not_yet_valid';
  const fitting = keys.filter((key) => key.keyTag === signature.keyTag && key.algorithm === signature.algorithm);
  if (fitting.length === 0) return 'unknown_key';
  const data = signedData(set, signature);
  return fitting.some((key) => holds(key, data, signature.signature)) ? null : 'wrong_signature';
}

function holds(key: Dnskey, data: Buffer, signature: Buffer): boolean {
  const known = publicKeyOf(key);
  return known !== null && verify(known.hash, data, { key: known.key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** RFC 4034 3.1.8.1: the signature's own data, then each record in canonical form and order, with the original TTL; a wildcard's under the wildcard's name. */
function signedData(set: SignedSet, signature: Rrsig): Buffer {
  const owner = nameOctets(ownerOf(set.ownerName, signature.labels));
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16BE(typeCode(set.type), 0);
  fixed.writeUInt16BE(classIn, 2);
  fixed.writeUInt32BE(signature.originalTtlSeconds, 4);
  const sorted = [...set.data].sort(Buffer.compare).filter((data, at, all) => at === 0 || !data.equals(all[at - 1]!));
  return Buffer.concat([signature.head, ...sorted.flatMap((data) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(data.length);
    return [owner, fixed, length, data];
  })]);
}

function ownerOf(name: OwnerName, labels: number): OwnerName {
  const all = labelsOf(name);
  if (labels >= labelCount(name)) return name;
  return ['*', ...all.slice(all.length - labels), ''].join('.') as OwnerName;
}

/** The leading label of a wildcard does not count (RFC 4034 3.1.3). */
function labelCount(name: OwnerName): number {
  const labels = labelsOf(name);
  return labels[0] === '*' ? labels.length - 1 : labels.length;
}
