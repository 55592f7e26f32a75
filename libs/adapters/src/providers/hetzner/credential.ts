import { z } from 'zod';
import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

const ProjectToken = z.string().regex(/^[A-Za-z0-9]{64}$/);
type ProjectToken = z.infer<typeof ProjectToken>;

/** Tokens of the DNS Console, whose API ended in May 2026. They were not converted. */
const dnsConsoleToken = /^[A-Za-z0-9]{32}$/;
const whereToMakeOne = 'make one in Hetzner Console: the project that holds the zone, Security, API tokens, Read & Write';

export const hetznerCredential: CredentialForm<ProjectToken> = {
  parse(token) {
    const parsed = ProjectToken.safeParse(token);
    if (parsed.success) return parsed.data;
    const detail = dnsConsoleToken.test(token)
      ? `this is a token of the DNS Console, which ended in May 2026; it needs a project token of 64 letters and digits: ${whereToMakeOne}`
      : `it needs a project token of 64 letters and digits, without "Bearer" before it: ${whereToMakeOne}`;
    throw new ProviderError('credential_format', { detail });
  },
};

/** https://docs.hetzner.com/cloud/api/getting-started/generating-api-token, verified 2026-11. */
export const hetznerCredentialDescription: CredentialDescription = {
  format: 'project API token',
  json: false,
  fields: [{ name: 'token', secret: true, format: '64 letters and digits', placeholder: 'jEheVytlAoFl7F8MqUQ7jAo2hOXASztX…' }],
  steps: [
    'DNS Console and its API tokens ended in May 2026. The zone is now in Hetzner Console (console.hetzner.com).',
    'Recommended: keep the zone {{zone}} in a project of its own. A token opens everything in its project, and cannot be narrowed to DNS or a zone.',
    'Open the project, Security, API tokens, Generate API token.',
    'Choose Read & Write.',
    'Copy the token: it is shown once.',
  ],
  gate: null,
  minimalPolicy: ['Project: one that holds only the DNS zone {{zone}}', 'Permissions: Read & Write'].join('\n'),
};
