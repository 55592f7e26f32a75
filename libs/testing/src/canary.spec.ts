import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertAbsent, canary } from './canary.js';

const secret = canary('token', 'hc_');
const dresses: [string, (value: string) => string | Uint8Array][] = [
  ['in clear', (value) => `Authorization: Bearer ${value}`],
  ['in bytes', (value) => Buffer.from(`{"token":"${value}"}`)],
  ['in part', (value) => `…${value.slice(5, 17)}…`],
  ['as base64', (value) => Buffer.from(value).toString('base64')],
  ['as base64url', (value) => Buffer.from(value).toString('base64url')],
  ['as upper-case hex', (value) => Buffer.from(value).toString('hex').toUpperCase()],
  ['percent-encoded', (value) => [...Buffer.from(value)].map((byte) => `%${byte.toString(16)}`).join('')],
];

describe('a canary', () => {
  it.each(dresses)('is found %s, and the error does not repeat it', (_name, dress) => {
    const find = (): void => assertAbsent(secret, dress(secret.value), 'a log');

    expect(find).toThrow('The canary "token" was seen in a log');
    expect(find).not.toThrow(secret.value);
  });

  it('is found in the middle of a longer base64 text, at whatever place', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 7 }), fc.uint8Array({ maxLength: 7 }), (before, after) => {
      const text = Buffer.concat([before, Buffer.from(secret.value), after]).toString('base64');
      expect(() => assertAbsent(secret, text)).toThrow('as base64');
    }));
  });

  it('is not seen where it is not', () => {
    expect(() => assertAbsent(secret, `hc_ ${canary('another', 'hc_').value}`)).not.toThrow();
  });
});
