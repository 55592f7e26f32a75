import { describe, expect, it } from '@jest/globals';
import { ownerName, type RecordType } from '@connect/domain';
import { rdataOf } from '../rdata.js';
import { typeCode } from '../codes.js';
import { isKeyOfDs, readDnskey, readDs, type Dnskey } from './keys.js';
import { nameOctets, type Rrsig, type SignedSet } from './signed-set.js';
import { checkSet, checkZoneKeys } from './validate.js';

type Example = { from: string; zone: string; key: string; keyTag: number; ds?: string; owner: string; type: RecordType; value: string; signature: string; at: string };

const signedA = { owner: 'www.example.net.', type: 'A' } as const;
const signedMx = { zone: 'example.com.', owner: 'example.com.', type: 'MX', value: '10 mail.example.com.', at: '2015-08-01T00:00:00Z' } as const;

/** The examples of the standards themselves; those of RFC 8080 as its verified erratum 4935 corrects them. */
const examples: Example[] = [
  {
    from: 'RFC 5702 6.1, RSA/SHA-256', zone: 'example.net.', keyTag: 9033, ...signedA, value: '192.0.2.91', at: '2020-01-01T00:00:00Z',
    key: '256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=',
    signature: 'A 8 3 3600 20300101000000 20000101000000 9033 example.net. kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==',
  },
  {
    from: 'RFC 5702 6.2, RSA/SHA-512', zone: 'example.net.', keyTag: 3740, ...signedA, value: '192.0.2.91', at: '2020-01-01T00:00:00Z',
    key: '256 3 10 AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL',
    signature: 'A 10 3 3600 20300101000000 20000101000000 3740 example.net. tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=',
  },
  {
    from: 'RFC 6605 6.1, ECDSA P-256', zone: 'example.net.', keyTag: 55648, ...signedA, value: '192.0.2.1', at: '2010-08-20T00:00:00Z',
    key: '257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==',
    ds: '55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17',
    signature: 'A 13 3 3600 20100909100439 20100812100439 55648 example.net. qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==',
  },
  {
    from: 'RFC 6605 6.2, ECDSA P-384', zone: 'example.net.', keyTag: 10771, ...signedA, value: '192.0.2.1', at: '2010-08-20T00:00:00Z',
    key: '257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40',
    ds: '10771 14 4 72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df983d6',
    signature: 'A 14 3 3600 20100909102025 20100812102025 10771 example.net. /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm',
  },
  {
    from: 'RFC 8080 6.1, Ed25519, first key', keyTag: 3613, ...signedMx, key: '257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=', ds: '3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b',
    signature: 'MX 15 2 3600 20150819220000 20150729220000 3613 example.com. oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==',
  },
  {
    from: 'RFC 8080 6.1, Ed25519, second key', keyTag: 35217, ...signedMx, key: '257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=', ds: '35217 15 2 401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c6614c',
    signature: 'MX 15 2 3600 20150819220000 20150729220000 35217 example.com. zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcBg==',
  },
  {
    from: 'RFC 4035 B.6, a wildcard, RSA/SHA-1', zone: 'example.', keyTag: 38519, owner: 'a.z.w.example.', type: 'MX', value: '1 ai.example.', at: '2004-04-20T00:00:00Z',
    key: '256 3 5 AQOy1bZVvpPqhg4j7EJoM9rI3ZmyEx2OzDBVrZy/lvI5CQePxXHZS4i8dANH4DX3tbHol61ek8EFMcsGXxKciJFHyhl94C+NwILQdzsUlSFovBZsyl/NX6yEbtw/xN9ZNcrbYvgjjZ/UVPZIySFNsgEYvh0z2542lzMKR4Dh8uZffQ==',
    signature: 'MX 5 2 3600 20040509183619 20040409183619 38519 example. OMK8rAZlepfzLWW75Dxd63jy2wswESzxDKG2f9AMN1CytCd10cYISAxfAdvXSZ7xujKAtPbctvOQ2ofO7AZJ+d01EeeQTVBPq4/6KCWhqe2XTjnkVLNvvhnc0u28aoSsG0+4InvkkOHknKxw4kX18MMR34i8lC36SR5xBni8vHI=',
  },
];

function keyOf(example: Example): Dnskey {
  return readDnskey(rdataOf('DNSKEY', example.key))!;
}

/** The presentation format of RFC 4034 3.2. */
function signatureOf(text: string): Rrsig {
  const [type, algorithm, labels, ttl, expiration, inception, keyTag, signer, signature] = text.split(' ') as [string, string, string, string, string, string, string, string, string];
  const seconds = (calendar: string): number => Date.parse(calendar.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6Z')) / 1000;
  const fixed = Buffer.alloc(18);
  fixed.writeUInt16BE(typeCode(type), 0);
  fixed[2] = Number(algorithm);
  fixed[3] = Number(labels);
  fixed.writeUInt32BE(Number(ttl), 4);
  fixed.writeUInt32BE(seconds(expiration), 8);
  fixed.writeUInt32BE(seconds(inception), 12);
  fixed.writeUInt16BE(Number(keyTag), 16);
  return {
    typeCovered: type, algorithm: Number(algorithm), labels: Number(labels), originalTtlSeconds: Number(ttl), expiration: seconds(expiration), inception: seconds(inception), keyTag: Number(keyTag),
    signer: ownerName(signer), signature: Buffer.from(signature, 'base64'), head: Buffer.concat([fixed, nameOctets(ownerName(signer))]),
  };
}

function setOf(example: Example, changes: Partial<SignedSet> = {}): SignedSet {
  return { ownerName: ownerName(example.owner), type: example.type, data: [rdataOf(example.type, example.value)], signatures: [signatureOf(example.signature)], ...changes };
}

function check(example: Example, set = setOf(example), at = example.at, keys = [keyOf(example)]): ReturnType<typeof checkSet> {
  return checkSet(set, ownerName(example.zone), keys, new Date(at));
}

describe('a signed record set', () => {
  it.each(examples)('holds as in $from', (example) => {
    expect(check(example)).toEqual({ outcome: 'valid', isFromWildcard: example.from.includes('wildcard') });
  });

  it.each(examples)('does not hold once a bit of the data differs: $from', (example) => {
    const data = Buffer.from(rdataOf(example.type, example.value));
    data[data.length - 2]! ^= 1;

    expect(check(example, setOf(example, { data: [data] }))).toEqual({ outcome: 'bogus', reason: 'wrong_signature' });
  });

  it('does not hold before and after its time', () => {
    const [example] = examples as [Example];

    expect(check(example, setOf(example), '1999-12-31T23:59:59Z')).toEqual({ outcome: 'bogus', reason: 'not_yet_valid' });
    expect(check(example, setOf(example), '2030-01-01T00:00:01Z')).toEqual({ outcome: 'bogus', reason: 'expired' });
  });

  it('does not hold without signature, by a key that the zone has not, or by another zone’s', () => {
    const [rsa, , ecdsa] = examples as [Example, Example, Example];

    expect(check(rsa, setOf(rsa, { signatures: [] }))).toEqual({ outcome: 'bogus', reason: 'unsigned' });
    expect(check(rsa, setOf(rsa), rsa.at, [keyOf(ecdsa)])).toEqual({ outcome: 'bogus', reason: 'unknown_key' });
    expect(checkSet(setOf(rsa), ownerName('net.'), [keyOf(rsa)], new Date(rsa.at))).toEqual({ outcome: 'bogus', reason: 'wrong_signature' });
  });

  it('may have signatures that do not hold beside one that does', () => {
    const [example] = examples as [Example];
    const expired = signatureOf(example.signature.replace('20300101', '20010101'));

    expect(check(example, setOf(example, { signatures: [expired, signatureOf(example.signature)] })).outcome).toBe('valid');
  });

  it('by algorithms that nobody here knows is not judged', () => {
    const [example] = examples as [Example];

    expect(check(example, setOf(example, { signatures: [{ ...signatureOf(example.signature), algorithm: 99 }] }))).toEqual({ outcome: 'unknown' });
  });
});

describe('what a parent says of a key', () => {
  it.each(examples.filter(({ ds }) => ds !== undefined))('fits the key in $from', (example) => {
    const ds = readDs(rdataOf('DS', example.ds ?? ''))!;

    expect(keyOf(example).keyTag).toBe(example.keyTag);
    expect(isKeyOfDs(ownerName(example.zone), ds, keyOf(example))).toBe(true);
    expect(isKeyOfDs(ownerName('other.example.'), ds, keyOf(example))).toBe(false);
  });

  it('fits by SHA-1 as in RFC 4034 5.4 and by SHA-256 as in RFC 4509 2.3', () => {
    const key = readDnskey(rdataOf('DNSKEY', '256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw=='))!;
    const fits = (text: string): boolean => isKeyOfDs(ownerName('dskey.example.com.'), readDs(rdataOf('DS', text))!, key);

    expect(key.keyTag).toBe(60485);
    expect(fits('60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118')).toBe(true);
    expect(fits('60485 5 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a')).toBe(true);
    expect(fits('60485 5 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50b')).toBe(false);
  });

  it('leaves a zone insecure without DS and with kinds that nobody here knows, and bogus without keys or with others', () => {
    const zone = ownerName('example.net.');
    const [, , example] = examples as [Example, Example, Example];
    const ds = readDs(rdataOf('DS', example.ds ?? ''))!;
    const keys: SignedSet = { ownerName: zone, type: 'DNSKEY', data: [rdataOf('DNSKEY', example.key)], signatures: [] };
    const at = new Date(example.at);

    expect(checkZoneKeys(zone, [], null, at)).toEqual({ outcome: 'insecure' });
    expect(checkZoneKeys(zone, [{ ...ds, digestType: 99 }, { ...ds, algorithm: 99 }], keys, at)).toEqual({ outcome: 'insecure' });
    expect(checkZoneKeys(zone, [ds], null, at)).toEqual({ outcome: 'bogus', reason: 'no_keys' });
    expect(checkZoneKeys(zone, [{ ...ds, keyTag: 1 }], keys, at)).toEqual({ outcome: 'bogus', reason: 'no_matching_key' });
    expect(checkZoneKeys(zone, [ds], keys, at)).toEqual({ outcome: 'bogus', reason: 'unsigned' });
  });
});
