import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

/** Two kinds, told apart by their shape: a key with its secret opens v1, a personal access token v3; `authorization` is the header that each needs. */
export type GodaddyCredential = { kind: 'key' | 'token'; authorization: string };

const form = 'key:secret';
/** Letters, digits and underscores were seen, of about 30 and 22 characters; no length is promised. */
const keyAndSecret = /^[A-Za-z0-9_-]{8,128}:[A-Za-z0-9_-]{8,128}$/;
const token = /^gd_pat_[A-Za-z0-9._~+/=-]{8,1024}$/;

/** The production API; test keys (OTE) are refused by it, and their form is the same. */
export const godaddyCredential: CredentialForm<GodaddyCredential> = {
  parse(text) {
    if (token.test(text)) return { kind: 'token', authorization: `Bearer ${text}` };
    if (keyAndSecret.test(text) && !text.startsWith('gd_pat_')) return { kind: 'key', authorization: `sso-key ${text}` };
    throw new ProviderError('credential_format', { detail: `it needs the form ${form} (a production API key, a colon, its secret) or a personal access token that begins with gd_pat_, without "sso-key" or "Bearer" before it` });
  },
};

/** The rights of a token; a key has none to choose. https://developer.godaddy.com/docs/api-users, verified 2026-11. */
export const scopes = { read: 'domains.domain:read', write: 'domains.dns:update' } as const;

export const godaddyCredentialDescription: CredentialDescription = {
  format: `${form}, or gd_pat_…`,
  json: false,
  fields: [
    { name: 'key', secret: true, format: 'the key of a production API key; empty for a personal access token', placeholder: 'dKD8abc…' },
    { name: 'secret', secret: true, format: 'its secret, or a personal access token that begins with gd_pat_', placeholder: 'gd_pat_…' },
  ],
  steps: [
    'Open developer.godaddy.com/keys, logged in as the account that holds {{zone}}.',
    'API Keys: create a key for the environment Production (a key of OTE, the test environment, is refused). Copy key and secret: the secret is shown once. Give the credential as key:secret.',
    `Or, and better, since keys are announced to end after 2026: create a personal access token for Production with exactly the scopes ${scopes.read} and ${scopes.write}. Give it as it is; it begins with gd_pat_.`,
    'A token has an end: store a new one before.',
  ],
  gate: 'GoDaddy opens its production API by the tier of the account: historically 10 domains or more, a Discount Domain Club plan, or an eligible reseller or pro account; since 2026 a help article grants accounts with one active domain 20,000 calls a month. Verify your account. Where it is not open, connect by Domain Connect, which GoDaddy supports.',
  minimalPolicy: [`Personal access token, environment Production, scopes: ${scopes.read}, ${scopes.write}`, 'Neither a token nor a key can be restricted to {{zone}}: it opens all domains of the account. A key has all rights of the account.'].join('\n'),
};
