import { z } from 'zod';
import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

/** 21 random octets in base64url are 28 characters (desec-stack, 2026-08); the length is not promised, the alphabet is. */
const Token = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);
type Token = z.infer<typeof Token>;

export const desecCredential: CredentialForm<Token> = {
  parse(token) {
    const parsed = Token.safeParse(token);
    if (!parsed.success) throw new ProviderError('credential_format', { detail: 'it needs a deSEC token: 28 letters, digits, "_" and "-", without "Token" before it' });
    return parsed.data;
  },
};

/** https://desec.readthedocs.io/en/latest/auth/tokens.html, verified 2026-11. */
export const desecCredentialDescription: CredentialDescription = {
  format: 'API token',
  json: false,
  fields: [{ name: 'token', secret: true, format: '28 letters, digits, "_" and "-"', placeholder: '4pnk7u-NHvrEkFzrhFDRTjGFyX_S' }],
  steps: [
    'Log in at desec.io and open Token management.',
    'Add a token, leave "can manage tokens", "can create domains" and "can delete domains" off.',
    'Copy the token: it is shown once.',
    'Recommended: narrow it to {{zone}} with the two token policies of the minimal policy. The web interface cannot set them; the API can, with a token that may manage tokens.',
  ],
  gate: null,
  minimalPolicy: [
    'POST https://desec.io/api/v1/auth/tokens/{token id}/policies/rrsets/',
    '{"domain": null, "subname": null, "type": null, "perm_write": false}',
    '{"domain": "{{zone}}", "subname": null, "type": null, "perm_write": true}',
  ].join('\n'),
};
