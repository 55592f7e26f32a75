import { z } from 'zod';
import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

export type NamecheapCredential = { apiUser: string; apiKey: string; clientIp: string };

const form = 'apiUser:apiKey:clientIp';
const Parts = z.tuple([
  z.string().regex(/^[A-Za-z0-9._@-]{1,64}$/),
  z.string().regex(/^[\x21-\x39\x3b-\x7e]{8,128}$/),
  // Their allow-list knows single IPv4 addresses only: no ranges, no IPv6.
  z.ipv4(),
]);
const names = ['apiUser', 'apiKey', 'clientIp (an IPv4 address)'] as const;

export const namecheapCredential: CredentialForm<NamecheapCredential> = {
  parse(token) {
    const parts = token.split(':');
    if (parts.length !== 3) throw new ProviderError('credential_format', { detail: `it needs the form ${form}, where clientIp is an IPv4 address: three parts and two colons` });
    const parsed = Parts.safeParse(parts);
    if (!parsed.success) {
      const wrong = [...new Set(parsed.error.issues.map(({ path }) => names[path[0] as 0 | 1 | 2]))];
      throw new ProviderError('credential_format', { detail: `it needs the form ${form}; wrong: ${wrong.join(', ')}` });
    }
    const [apiUser, apiKey, clientIp] = parsed.data;
    return { apiUser, apiKey, clientIp };
  },
};

export const namecheapCredentialDescription: CredentialDescription = {
  format: form,
  json: false,
  fields: [
    { name: 'apiUser', secret: false, format: 'the user name of the account', placeholder: 'username' },
    { name: 'apiKey', secret: true, format: 'the key that API Access shows', placeholder: '0123456789abcdef0123456789abcdef' },
    { name: 'clientIp', secret: false, format: 'IPv4 address that our service calls from, as on the allow-list', placeholder: '203.0.113.7' },
  ],
  steps: [
    'Open Profile, Tools, API Access and switch it on.',
    'Under Whitelisted IPs add the IPv4 address that our service calls from.',
    'Copy the API key and give the credential as apiUser:apiKey:clientIp.',
    'The API cannot keep dynamic DNS, and may not keep SRV records: where {{zone}} uses them, set our records by hand instead.',
  ],
  gate: 'Namecheap opens its API to accounts with 20 domains or more, or a balance of 50 USD, or 50 USD spent in the last two years.',
  minimalPolicy: 'The key cannot be narrowed: it opens the whole account, purchases included. An account of its own, to which {{zone}} is shared with the right to change its hosts, is the narrowest way.',
};
