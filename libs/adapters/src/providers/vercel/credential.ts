import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

/** `vcp_` and others since 2026, 24 letters and digits before. https://vercel.com/changelog/new-token-formats-and-secret-scanning */
const token = /^(vc[a-z]_[A-Za-z0-9_-]{16,256}|[A-Za-z0-9]{24})$/;

export const vercelCredential: CredentialForm<string> = {
  parse(text) {
    if (!token.test(text)) throw new ProviderError('credential_format', { detail: 'it needs an access token: vcp_ and letters and digits, or 24 letters and digits, without "Bearer" before it' });
    return text;
  },
};

export const vercelCredentialDescription: CredentialDescription = {
  format: 'access token',
  json: false,
  fields: [{ name: 'token', secret: true, format: 'vcp_ and letters and digits, or 24 letters and digits', placeholder: 'vcp_…' }],
  steps: [
    'Open Account Settings, Tokens, Create Token.',
    'As scope choose the team that {{zone}} belongs to; "Full Account" works as well and opens more. A token for a project does not open DNS.',
    'Choose when it expires, and store a new one before.',
    'Copy the token: it is shown once.',
  ],
  gate: null,
  minimalPolicy: 'Scope: the team of {{zone}}',
};
