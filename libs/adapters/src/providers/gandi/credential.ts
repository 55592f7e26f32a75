import { z } from 'zod';
import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

export type GandiScheme = 'Bearer' | 'Apikey';
/** `scheme` is a guess by the length, which the first answer confirms or corrects. */
export type GandiCredential = { token: string; scheme: GandiScheme };

/** Personal access tokens have 40 characters, API keys of before 2023 have 24; neither is promised. */
const Token = z.string().regex(/^[A-Za-z0-9._-]{20,128}$/);
const apiKeyLength = 24;

export const gandiCredential: CredentialForm<GandiCredential> = {
  parse(token) {
    const parsed = Token.safeParse(token);
    if (!parsed.success) throw new ProviderError('credential_format', { detail: 'it needs a personal access token of 40 characters, or an API key of 24, without "Bearer" or "Apikey" before it' });
    return { token: parsed.data, scheme: parsed.data.length === apiKeyLength ? 'Apikey' : 'Bearer' };
  },
};

/** https://api.gandi.net/docs/authentication/ and https://docs.gandi.net, verified 2026-11. */
export const gandiCredentialDescription: CredentialDescription = {
  format: 'personal access token, or API key (LiveDNS)',
  json: false,
  fields: [{ name: 'token', secret: true, format: 'a personal access token of 40 characters, or an API key of 24', placeholder: 'd24da6dd…' }],
  steps: [
    'Open Account, Security, Personal Access Tokens, and create a token for the organisation that holds {{zone}}.',
    'Choose the longest expiration: a token ends after a year at most and has to be stored anew then.',
    'Restrict it to the domain {{zone}} and give it "Manage domain name technical configurations".',
    'Copy the token: it is shown once.',
    'An existing API key (Account, Security, API key) works as well; Gandi makes no new ones, and it opens everything in the account.',
  ],
  gate: null,
  minimalPolicy: ['Resources: restricted to {{zone}}', 'Permissions: Manage domain name technical configurations (it brings See and renew domain names with it)'].join('\n'),
};
