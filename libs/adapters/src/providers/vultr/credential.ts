import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

const key = /^[A-Z0-9]{36}$/;

export const vultrCredential: CredentialForm<string> = {
  parse(text) {
    if (!key.test(text)) throw new ProviderError('credential_format', { detail: 'it needs the form of 36 capital letters and digits: an API key' });
    return text;
  },
};

export const vultrCredentialDescription: CredentialDescription = {
  format: '<36 capital letters and digits>',
  json: false,
  fields: [{ name: 'key', secret: true, format: '36 capital letters and digits', placeholder: 'ABCDEFGHIJ…' }],
  steps: [
    'Open the customer portal, Account, Users, and add a user that has API access and of the permissions DNS only. The main user works as well and opens everything.',
    'As that user open Account, API, enable the API and copy the key.',
    'Below Access Control add our addresses, IPv4 and IPv6, or allow all.',
  ],
  gate: 'Where the key has a list of addresses, ours must be on it.',
  minimalPolicy: 'dns',
};
