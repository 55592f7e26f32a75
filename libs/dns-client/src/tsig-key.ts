import { ConnectError, ownerName, secret, type OwnerName, type Secret } from '@connect/domain';

/** Node's name of the hash, and its octets, by the algorithm's name (RFC 8945 6). SHA-1 and MD5 are for old servers only. */
export const tsigAlgorithms = {
  'hmac-sha256': { hash: 'sha256', macOctets: 32 },
  'hmac-sha512': { hash: 'sha512', macOctets: 64 },
  'hmac-sha384': { hash: 'sha384', macOctets: 48 },
  'hmac-sha224': { hash: 'sha224', macOctets: 28 },
  'hmac-sha1': { hash: 'sha1', macOctets: 20 },
  'hmac-md5.sig-alg.reg.int': { hash: 'md5', macOctets: 16 },
} as const;
export type TsigAlgorithm = keyof typeof tsigAlgorithms;

/** A shared key. Its name is a domain name; the secret is any octets. */
export type TsigKey = { name: OwnerName; algorithm: TsigAlgorithm; secret: Secret<Uint8Array> };

/** A key in the house's form. Throws `credential_format` for an algorithm that we do not know. */
export function tsigKey(key: { name: string; algorithm: string; secret: Secret<Uint8Array> }): TsigKey {
  return { name: keyName(key.name), algorithm: tsigAlgorithm(key.algorithm), secret: key.secret };
}

/**
 * A key as people hold it: `algorithm:name:base64`, or the text of a BIND key file, `key "name" { algorithm hmac-sha256; secret "…"; };`
 * (https://bind9.readthedocs.io/en/v9.18/reference.html#key-block-grammar). Throws `credential_format`, which never repeats the text.
 */
export function parseTsigKey(text: string): TsigKey {
  const blocks = [...text.matchAll(/\bkey\s+"?([^\s"{};]+)"?\s*\{([^{}]*)\}/g)];
  if (blocks.length > 1) throw wrong('the text holds more than one key');
  const block = blocks[0];
  if (block) {
    return keyOf(block[1]!, wordAfter('algorithm', block[2]!), wordAfter('secret', block[2]!));
  }
  const [algorithm, name, base64, ...more] = text.trim().split(':');
  if (base64 === undefined || more.length > 0) throw wrong('expected algorithm:name:base64, or the text of a BIND key file');
  return keyOf(name!, algorithm!, base64);
}

/** The algorithm's name in lower case, without final dot. `hmac-md5` is short for its wire name. */
export function tsigAlgorithm(text: string): TsigAlgorithm {
  const name = text.trim().toLowerCase().replace(/\.$/, '');
  if (name === 'hmac-md5') return 'hmac-md5.sig-alg.reg.int';
  if (!isAlgorithm(name)) throw wrong(`the algorithm is none of ${Object.keys(tsigAlgorithms).join(', ')}`);
  return name;
}

/** Octets of strict base64: no other letters, right padding, no loose bits at the end. */
export function tsigSecret(base64: string): Secret<Uint8Array> {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== base64) throw wrong('the secret is not base64');
  return secret<Uint8Array>(bytes);
}

function keyOf(name: string, algorithm: string, base64: string): TsigKey {
  return { name: keyName(name), algorithm: tsigAlgorithm(algorithm), secret: tsigSecret(base64) };
}

function keyName(text: string): OwnerName {
  try {
    return ownerName(text.trim());
  } catch {
    throw wrong('the name of the key is not a domain name');
  }
}

function wordAfter(word: 'algorithm' | 'secret', block: string): string {
  const match = new RegExp(`(?:^|[\\s;])${word}\\s+(?:"([^"]*)"|([^\\s;"]+))\\s*;`).exec(block);
  const found = match?.[1] ?? match?.[2];
  if (found === undefined) throw wrong(`the key block has no ${word}`);
  return found;
}

function isAlgorithm(name: string): name is TsigAlgorithm {
  return Object.hasOwn(tsigAlgorithms, name);
}

function wrong(detail: string): ConnectError {
  return new ConnectError('credential_format', { detail });
}
