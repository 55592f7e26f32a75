import { describe, expect, it } from '@jest/globals';
import { powerdnsCredential, serversOf } from './credential.js';

const key = 'c4nary-8d1f0a7c';
const parse = (credential: unknown): ReturnType<typeof powerdnsCredential.parse> => powerdnsCredential.parse(JSON.stringify(credential));

describe('the credential of PowerDNS', () => {
  it.each([
    ['https://dns.example.net:8081', 'https://dns.example.net:8081/api/v1'],
    ['https://dns.example.net/pdns/', 'https://dns.example.net/pdns/api/v1'],
    ['https://dns.example.net/api/v1', 'https://dns.example.net/api/v1'],
    ['http://127.0.0.1:8081', 'http://127.0.0.1:8081/api/v1'],
  ])('takes %s for %s', (url, apiUrl) => {
    expect(parse({ url, api_key: key })).toEqual({ apiUrl, apiKey: key, serverId: 'localhost' });
  });

  it.each([
    [{ url: 'http://dns.example.net:8081', api_key: key }, 'allow_http'],
    [{ url: 'ftp://dns.example.net', api_key: key }, 'https://'],
    [{ url: 'https://user:pw@dns.example.net', api_key: key }, 'a host, a port and a path only'],
    [{ url: 'not a url', api_key: key }, 'not a URL'],
    [{ url: 'https://dns.example.net', api_key: `${key} with spaces` }, 'wrong: api_key'],
    [{ url: 'https://dns.example.net', api_key: key, extra: 1 }, 'an unknown field'],
    [{ url: 'https://dns.example.net' }, 'wrong: api_key'],
    [{ url: 'https://dns.example.net', api_key: key, server_id: '../zones' }, 'wrong: server_id'],
  ])('refuses %j, says what is wrong and not what was given', (credential, detail) => {
    expect(() => parse(credential)).toThrow(expect.objectContaining({ code: 'credential_format', detail: expect.stringContaining(detail), message: expect.not.stringContaining('c4nary') }));
  });

  it('sends the key over plain http to another machine only where the credential says so', () => {
    expect(serversOf(parse({ url: 'http://dns.example.net:8081', api_key: key, allow_http: true }))).toEqual([{ protocol: 'http:', host: 'dns.example.net', port: 8081 }]);
    expect(serversOf(parse({ url: 'https://dns.example.net', api_key: key }))).toEqual([{ protocol: 'https:', host: 'dns.example.net', port: 443 }]);
  });
});
