import { createHmac, randomBytes } from 'node:crypto';
import { secret, type Secret } from '@connect/domain';

/** `cd_` and 32 random bytes in base64url: 256 bits, so a fast keyed hash is enough. */
const form = /^cd_[A-Za-z0-9_-]{43}$/;

export function mintApiKey(): Secret<string> {
  return secret(`cd_${randomBytes(32).toString('base64url')}`);
}

/** What is stored of a key, and what it is found by. A dump of the table is worth nothing without KEY_SECRET. */
export function hashApiKey(key: string, keySecret: Secret<string>): Buffer {
  return keySecret.open((text) => createHmac('sha256', text).update(`api-key ${key}`).digest());
}

export function looksLikeApiKey(text: string): boolean {
  return form.test(text);
}
