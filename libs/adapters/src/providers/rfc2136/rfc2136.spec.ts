import { describe, expect, it } from '@jest/globals';
import { ownerName, type Change, type RecordSet } from '@connect/domain';
import { toUpdate } from './convert.js';
import { rfc2136Credential, serversOf } from './credential.js';
import { errorOf } from './errors.js';

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

describe('an update', () => {
  const name = ownerName('www.example.test.');
  const set = (type: string, values: string[], ttlSeconds = 300): RecordSet => ({ ownerName: name, type, ttlSeconds, values });
  const change = (before: RecordSet | null, after: RecordSet | null): Change => ({ ownerName: name, type: (before ?? after)!.type, before, after });
  const at = { ownerName: name };

  it('that creates rests on nothing being there, and no CNAME', () => {
    expect(toUpdate([change(null, set('A', ['192.0.2.1']))], [])).toEqual({
      prerequisites: [{ kind: 'set_absent', ...at, type: 'A' }, { kind: 'set_absent', ...at, type: 'CNAME' }],
      operations: [{ kind: 'add', ...at, type: 'A', ttlSeconds: 300, value: '192.0.2.1' }],
    });
  });

  it('that changes values rests on exactly what was read, and names only those values', () => {
    const before = set('TXT', ['"a"', '"b"']);

    expect(toUpdate([change(before, set('TXT', ['"b"', '"c"']))], [before])).toEqual({
      prerequisites: [{ kind: 'set_equals', ...at, type: 'TXT', values: ['"a"', '"b"'] }, { kind: 'set_absent', ...at, type: 'CNAME' }],
      operations: [{ kind: 'delete_value', ...at, type: 'TXT', value: '"a"' }, { kind: 'add', ...at, type: 'TXT', ttlSeconds: 300, value: '"c"' }],
    });
  });

  it('that changes the TTL makes the set new, since Knot ignores a known record with another TTL', () => {
    const before = set('A', ['192.0.2.1', '192.0.2.2']);

    expect(toUpdate([change(before, { ...before, ttlSeconds: 60 })], [before]).operations).toEqual([
      { kind: 'delete_set', ...at, type: 'A' }, { kind: 'add', ...at, type: 'A', ttlSeconds: 60, value: '192.0.2.1' }, { kind: 'add', ...at, type: 'A', ttlSeconds: 60, value: '192.0.2.2' },
    ]);
  });

  it('that creates a CNAME rests on an empty name', () => {
    expect(toUpdate([change(null, set('CNAME', ['target.example.']))], []).prerequisites).toEqual([{ kind: 'set_absent', ...at, type: 'CNAME' }, { kind: 'name_not_in_use', ...at }]);
  });

  it('that puts a CNAME in the place of an address excludes all other types it knows', () => {
    const before = set('A', ['192.0.2.1']);

    const { prerequisites } = toUpdate([change(before, null), change(null, set('CNAME', ['target.example.']))], [before]);

    expect(prerequisites).toEqual(expect.arrayContaining([{ kind: 'set_equals', ...at, type: 'A', values: ['192.0.2.1'] }, { kind: 'set_absent', ...at, type: 'MX' }, { kind: 'set_absent', ...at, type: 'TXT' }]));
    expect(prerequisites).not.toContainEqual({ kind: 'set_absent', ...at, type: 'A' });
  });
});

describe('answers of DNS servers', () => {
  // Observed on BIND 9.18, Knot 3.2 and PowerDNS 4.7 in November 2026.
  it.each([
    ['NOERROR', null, true, true, null],
    ['NOERROR', null, false, true, 'outcome_unknown'],
    ['NOTAUTH', 'BADSIG', false, false, 'rejected_credential'],
    ['NOTAUTH', 'BADKEY', false, false, 'rejected_credential'],
    ['NOTAUTH', 'BADKEY', false, true, 'missing_permission'],
    ['NOTAUTH', 'BADTIME', true, false, 'provider_unavailable'],
    ['REFUSED', null, true, false, 'missing_permission'],
    ['REFUSED', null, false, false, 'rejected_credential'],
    ['REFUSED', null, false, true, 'missing_permission'],
    ['NOTAUTH', null, true, true, 'zone_not_writable'],
    ['NOTIMP', null, true, true, 'zone_not_writable'],
    ['NXRRSET', null, true, true, 'zone_changed'],
    ['YXRRSET', null, true, true, 'zone_changed'],
    ['YXDOMAIN', null, true, true, 'zone_changed'],
    ['SERVFAIL', null, true, true, 'provider_unavailable'],
    ['FORMERR', null, false, true, 'record_invalid'],
    ['NOTZONE', null, true, true, 'record_invalid'],
    ['RCODE23', null, true, true, 'provider_protocol'],
  ] as const)('%s, %s, signed: %s, key seen to be good: %s mean %s', (rcode, tsigError, signed, keyIsKnownGood, code) => {
    expect(errorOf({ rcode, tsigError, signed, serverTime: null }, { keyIsKnownGood })?.code ?? null).toBe(code);
  });
});
