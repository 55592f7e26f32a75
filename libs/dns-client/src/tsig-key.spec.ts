import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parseTsigKey, tsigKey } from './tsig-key.js';

const base64 = 'c2VjcmV0LWtleS1mb3ItdGVzdGluZy1vbmx5LTMyYnl0ZXM=';

describe('the text of a TSIG key', () => {
  it.each([
    ['the compact form', `hmac-sha256:Update-Key:${base64}`],
    ['a BIND key file', `key "update-key" {\n\talgorithm hmac-sha256;\n\tsecret "${base64}";\n};\n`],
    ['a key file on one line, without quotes, with a comment', `# made by us\nkey update-key. { secret ${base64}; algorithm "HMAC-SHA256"; };`],
  ])('is understood as %s', (_form, text) => {
    const key = parseTsigKey(text);

    expect(key).toMatchObject({ name: 'update-key.', algorithm: 'hmac-sha256' });
    expect(key.secret.open((bytes) => Buffer.from(bytes).toString())).toBe('secret-key-for-testing-only-32bytes');
  });

  it.each([
    ['a missing part', `update-key:${base64}`],
    ['an unknown algorithm', `hmac-sha3:update-key:${base64}`],
    ['loose base64', `hmac-sha256:update-key:${base64.slice(0, -1)}`],
    ['no secret', 'hmac-sha256:update-key:'],
    ['a bad name', `hmac-sha256:a..b:${base64}`],
    ['two keys', `key a { algorithm hmac-sha256; secret "${base64}"; }; key b { algorithm hmac-sha256; secret "${base64}"; };`],
    ['a block without an algorithm', `key a { secret "${base64}"; };`],
  ])('is refused for %s, without being repeated', (_what, text) => {
    let caught: unknown;
    try {
      parseTsigKey(text);
    } catch (error) {
      caught = error;
    }

    expect(caught).toMatchObject({ code: 'credential_format' });
    expect(inspect(caught)).not.toContain(base64.slice(0, 20));
  });

  it('does not print its secret', () => {
    const key = tsigKey(parseTsigKey(`hmac-sha512:k:${base64}`));

    expect(`${inspect(key)}${JSON.stringify(key)}`).not.toContain(base64);
    expect(JSON.stringify(key)).toBe('{"name":"k.","algorithm":"hmac-sha512","secret":"[secret]"}');
  });
});
