import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

export type NamecomLogin = { user: string; token: string; isTest: boolean };

const form = 'user:token';
const user = /^[A-Za-z0-9._@+-]{1,128}$/;
/** 40 hexadecimal digits were seen; the length is not documented. */
const token = /^[A-Za-z0-9]{16,128}$/;

export const namecomCredential: CredentialForm<NamecomLogin> = {
  parse(text) {
    const at = text.indexOf(':');
    const login = { user: text.slice(0, Math.max(at, 0)), token: text.slice(at + 1) };
    if (!user.test(login.user) || !token.test(login.token)) throw new ProviderError('credential_format', { detail: `it needs the form ${form}: the user name, a colon, an API token` });
    // The test environment has users and tokens of its own.
    return { ...login, isTest: login.user.endsWith('-test') };
  },
};

export const namecomCredentialDescription: CredentialDescription = {
  format: form,
  json: false,
  fields: [
    { name: 'user', secret: false, format: 'the user name of the account', placeholder: 'myuser' },
    { name: 'token', secret: true, format: 'letters and digits', placeholder: '0123456789abcdef…' },
  ],
  steps: [
    'Open Account, Settings, Security: where two-step verification is on, permit API access beside it, or every call is refused.',
    'Open Account, Settings, API (API Token Management), and generate a token for the production environment.',
    'If you restrict the token to addresses, add ours.',
    'The domain must use the name servers of Name.com, or its records cannot be changed.',
    'Give the credential as user:token.',
  ],
  gate: null,
  minimalPolicy: ['An API token of the account that holds {{zone}}: Name.com has none for a single domain', 'Addresses: ours only'].join('\n'),
};
