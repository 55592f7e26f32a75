import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

const token = /^[0-9a-f]{64}$/;

export const linodeCredential: CredentialForm<string> = {
  parse(text) {
    if (!token.test(text)) throw new ProviderError('credential_format', { detail: 'it needs the form of 64 hexadecimal digits: a personal access token' });
    return text;
  },
};

export const linodeCredentialDescription: CredentialDescription = {
  format: '<64 hexadecimal digits>',
  json: false,
  fields: [{ name: 'token', secret: true, format: '64 hexadecimal digits', placeholder: '0123456789abcdef…' }],
  steps: [
    'Open the Cloud Manager, your profile, API Tokens, Create a Personal Access Token.',
    'Choose No Access for everything and Read/Write for Domains; everything else is not needed.',
    'Choose when it ends: that cannot be moved later. Copy the token: it is shown once.',
    'A restricted user needs the grant Read-Write on the domain as well.',
  ],
  gate: null,
  minimalPolicy: 'domains:read_write',
};
