import { describe, expect, it } from '@jest/globals';
import { rfc2136Credential, serversOf } from './credential.js';

const base64 = Buffer.from('c4nary-secret-of-the-key').toString('base64');
const parse = (credential: unknown): ReturnType<typeof rfc2136Credential.parse> => rfc2136Credential.parse(JSON.stringify(credential));
const secretOf = (credential: ReturnType<typeof parse>): string => credential.key.secret.open((bytes) => Buffer.from(bytes).toString('base64'));

describe('the credential of DNS UPDATE', () => {
  it.each([
    [{ server: 'ns1.example.net', key_name: 'Update-Key', secret: base64 }, 'hmac-sha256', 53],
    [{ server: 'ns1.example.net.', port: 5353, key_name: 'update-key.', algorithm: 'HMAC-SHA512.', secret: base64, transport: 'tcp' }, 'hmac-sha512', 5353],
    [{ server: 'ns1.example.net', key: `hmac-sha384:update-key:${base64}` }, 'hmac-sha384', 53],
    [{ server: 'ns1.example.net', key: `# made by tsig-keygen\nkey "update-key" {\n\talgorithm hmac-sha256;\n\tsecret "${base64}";\n};\n` }, 'hmac-sha256', 53],
    [{ server: 'ns1.example.net', key: `key update-key. { secret "${base64}"; algorithm "hmac-md5"; };` }, 'hmac-md5.sig-alg.reg.int', 53],
  ])('takes %j', (credential, algorithm, port) => {
    const parsed = parse(credential);

    expect(parsed).toMatchObject({ server: { address: 'ns1.example.net', port }, key: { name: 'update-key.', algorithm } });
    expect(secretOf(parsed)).toBe(base64);
    expect(serversOf(parsed)).toEqual([{ protocol: 'dns:', host: 'ns1.example.net', port }]);
  });

  it.each([
    [{ server: 'ns1.example.net', key_name: 'k', secret: `${base64}!` }, 'base64'],
    [{ server: 'ns1.example.net', key_name: 'k', algorithm: 'hmac-sha3', secret: base64 }, 'algorithm is one of'],
    [{ server: 'ns1.example.net', key_name: 'a..b', secret: base64 }, 'key_name'],
    [{ key_name: 'k', secret: base64 }, 'wrong: server'],
    [{ server: 'ns1.example.net', port: 0, key_name: 'k', secret: base64 }, 'wrong: port'],
    [{ server: 'ns1.example.net', key_name: 'k', secret: base64, transport: 'udp' }, 'wrong: transport'],
    [{ server: 'ns1.example.net', key: `key "k" { algorithm hmac-sha256; }; ${base64}` }, 'BIND key file'],
  ])('refuses %j, says what is wrong and not what was given', (credential, detail) => {
    expect(() => parse(credential)).toThrow(expect.objectContaining({ code: 'credential_format', detail: expect.stringContaining(detail), message: expect.not.stringContaining(base64.slice(0, 12)) }));
  });

  it('asks for the server where only a key was given', () => {
    expect(() => rfc2136Credential.parse(`hmac-sha256:update-key:${base64}`)).toThrow(expect.objectContaining({ detail: expect.stringContaining('does not say which server'), message: expect.not.stringContaining(base64.slice(0, 12)) }));
  });
});
