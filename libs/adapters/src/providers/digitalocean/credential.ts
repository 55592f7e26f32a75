import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

/** Personal (`dop_v1_`) and OAuth (`doo_v1_`) tokens, and those from before 2022 without a prefix. `dor_v1_` only renews others. */
const token = /^(do[op]_v1_)?[0-9a-f]{64}$/;

export const digitaloceanCredential: CredentialForm<string> = {
  parse(text) {
    if (!token.test(text)) throw new ProviderError('credential_format', { detail: 'it needs the form dop_v1_ and 64 hexadecimal digits: a personal access token' });
    return text;
  },
};

export const digitaloceanCredentialDescription: CredentialDescription = {
  format: 'dop_v1_<64 hexadecimal digits>',
  json: false,
  fields: [{ name: 'token', secret: true, format: 'dop_v1_ and 64 hexadecimal digits', placeholder: 'dop_v1_…' }],
  steps: [
    'Open the control panel, API, Tokens, Generate New Token (write scope).',
    'Choose Custom Scopes, and of "domain" read, create, update and delete; "Full Access" works as well and opens much more.',
    'Copy the token: it is shown once.',
  ],
  gate: null,
  minimalPolicy: ['domain:read', 'domain:create', 'domain:update', 'domain:delete'].join('\n'),
};
