import { z } from 'zod';
import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

/**
 * Tokens of before 2026 have 40 characters, newer ones begin with `cfut_` or `cfat_`; neither length nor prefix is promised, so only what
 * cannot stand in the header is refused (RFC 6750 2.1).
 */
const ApiToken = z.string().regex(/^[A-Za-z0-9._~+/=-]{1,512}$/);
type ApiToken = z.infer<typeof ApiToken>;

export const cloudflareCredential: CredentialForm<ApiToken> = {
  parse(token) {
    const parsed = ApiToken.safeParse(token);
    if (!parsed.success) throw new ProviderError('credential_format', { detail: 'it needs an API token: one word of letters, digits, "_" and "-", without "Bearer" before it' });
    // The global key opens the whole account and cannot be narrowed to a zone; it does not work as a Bearer token either.
    if (token.startsWith('cfk_')) throw new ProviderError('credential_format', { detail: 'this is the global API key; it needs an API token made from the template "Edit zone DNS"' });
    return parsed.data;
  },
};

export const cloudflareCredentialDescription: CredentialDescription = {
  format: 'API token',
  json: false,
  fields: [{ name: 'token', secret: true, format: 'one word of letters, digits, "_" and "-"', placeholder: 'cfut_…' }],
  steps: [
    'Open My Profile, API Tokens, Create Token.',
    'Use the template "Edit zone DNS".',
    'Under Zone Resources choose Include, Specific zone, {{zone}}.',
    'Continue to summary, Create Token, and copy the token: it is shown once.',
  ],
  gate: null,
  minimalPolicy: ['Permissions: Zone, DNS, Edit', 'Permissions: Zone, Zone, Read', 'Zone Resources: Include, Specific zone, {{zone}}'].join('\n'),
};
