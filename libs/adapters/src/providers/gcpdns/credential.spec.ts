import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formRefusal } from '../../conformance/index.js';
import { gcpdnsCredential, gcpdnsHosts } from './credential.js';
import { keyFile } from './gcpdns-world.fake.js';
import { gcpdns } from './index.js';

const parse = (text: string): ReturnType<typeof gcpdnsCredential.parse> => gcpdnsCredential.parse(text);
const pem = (JSON.parse(keyFile()) as { private_key: string }).private_key;

describe('the key file of the user’s page', () => {
  it('is taken as it was downloaded, with managed_zone added', () => {
    expect(parse(keyFile({ managed_zone: 'example-com' }))).toMatchObject({
      clientEmail: 'dns@connect-test-123456.iam.gserviceaccount.com', keyId: 'a'.repeat(40), project: 'connect-test-123456', managedZone: 'example-com', apiHost: 'dns.googleapis.com', tokenUrl: 'https://oauth2.googleapis.com/token',
    });
  });

  it.each([
    ['without managed_zone: the zone is found by its DNS name', { managed_zone: undefined }, { managedZone: null }],
    ['with the number of the zone', { managed_zone: '1234567890123456789' }, { managedZone: '1234567890123456789' }],
    ['with the zone in another project', { project: 'dns-project' }, { project: 'dns-project' }],
    ['of a project below a domain', { project_id: 'example.com:old-project' }, { project: 'example.com:old-project' }],
    ['of some years ago', { token_uri: 'https://accounts.google.com/o/oauth2/token', universe_domain: undefined }, { tokenUrl: 'https://accounts.google.com/o/oauth2/token', apiHost: 'dns.googleapis.com' }],
    ['without token_uri', { token_uri: undefined }, { tokenUrl: 'https://oauth2.googleapis.com/token' }],
    ['of a sovereign cloud, which has no token endpoint', { universe_domain: 's3nsapis.fr', token_uri: 'https://oauth2.s3nsapis.fr/token' }, { tokenUrl: null, apiHost: 'dns.s3nsapis.fr' }],
  ])('%s', (_, changed, expected) => {
    expect(parse(keyFile(changed))).toMatchObject(expected);
  });

  it.each([
    ['with line feeds as two characters', keyFile({ private_key: pem.replaceAll('\n', '\\n') })],
    ['with Windows line ends', keyFile({ private_key: pem.replaceAll('\n', '\r\n') }).replaceAll(',', ',\r\n')],
    ['behind a byte order mark', `\uFEFF${keyFile()}`],
    ['in base64', Buffer.from(keyFile()).toString('base64')],
  ])('pasted %s', (_, text) => {
    expect(parse(text).privateKey.asymmetricKeyType).toBe('rsa');
  });
});

describe('another form', () => {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey;

  it.each([
    ['a key of a user', { type: 'authorized_user' }, '"type" must be "service_account"'],
    ['workload identity federation', { type: 'external_account' }, '"type" must be "service_account"'],
    ['no project', { project_id: undefined }, '"project_id"'],
    ['no account', { client_email: 'nobody' }, '"client_email"'],
    ['no private key', { private_key: undefined }, '"private_key"'],
    ['half a private key', { private_key: pem.slice(0, 400) }, 'not a whole RSA key'],
    ['a key that is not RSA', { private_key: elliptic }, 'not a whole RSA key'],
    ['the DNS name as managed_zone', { managed_zone: 'example.com' }, 'not its DNS name'],
    ['a path in place of the zone', { managed_zone: '../../secret' }, '"managed_zone"'],
    ['a path in place of the project', { project: 'a/managedZones/b' }, '"project"'],
    ['a universe that nobody knows', { universe_domain: 'internal.example' }, '"universe_domain" is one of googleapis.com'],
  ])('is refused and the right one named: %s', (_, changed, says) => {
    const text = formRefusal(gcpdns, keyFile(changed));

    expect(text).toContain('credential_format: it needs the form: the JSON key of a service account with a managed_zone member');
    expect(text).toContain(says);
  });

  it.each([
    'https://evil.example/token', 'http://oauth2.googleapis.com/token', 'https://oauth2.googleapis.com.evil.example/token', 'https://oauth2.googleapis.com:8443/token', 'https://user@oauth2.googleapis.com/token',
    'https://oauth2.googleapis.com/other', 'https://169.254.169.254/token', 'oauth2.googleapis.com/token', '',
  ])('a token_uri that is not Google’s is never called: %s', (tokenUri) => {
    expect(formRefusal(gcpdns, keyFile({ token_uri: tokenUri }))).toContain('"token_uri" is not Google\'s');
  });

  it('is not repeated', () => {
    const text = formRefusal(gcpdns, keyFile({ private_key: 'canary-1', client_email: 'canary-2', managed_zone: 'canary.3', token_uri: 'https://canary.example', project: 'canary/4' }));

    expect(text).not.toContain('canary');
  });
});

it('talks to hosts of Google and of its sovereign clouds only', () => {
  expect(gcpdnsHosts).toEqual(['dns.googleapis.com', 'dns.s3nsapis.fr', 'dns.apis-berlin-build0.goog', 'oauth2.googleapis.com', 'accounts.google.com', 'www.googleapis.com']);
});
