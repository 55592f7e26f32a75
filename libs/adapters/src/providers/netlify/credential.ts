import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

/** `nfp_` and letters and digits; older ones have no prefix. No length is documented. */
const token = /^(nfp_)?[A-Za-z0-9_-]{32,128}$/;

export const netlifyCredential: CredentialForm<string> = {
  parse(text) {
    if (!token.test(text)) throw new ProviderError('credential_format', { detail: 'it needs the form nfp_ and letters and digits: a personal access token' });
    return text;
  },
};

export const netlifyCredentialDescription: CredentialDescription = {
  format: 'nfp_<letters and digits>',
  json: false,
  fields: [{ name: 'token', secret: true, format: 'nfp_ and letters and digits; older ones have no prefix', placeholder: 'nfp_…' }],
  steps: [
    'Add a user to the team of the domain and to no other one: a token opens everything of its user. Your own user works as well.',
    'As that user open User settings, Applications, Personal access tokens, New access token.',
    'If the team demands single sign-on (SAML), allow the token access to the team while it is made: that cannot be added later.',
    'Choose when it ends, and copy the token: it is shown once.',
    'The domain {{zone}} must be a Netlify DNS zone: Domains, Add or register a domain, Set up Netlify DNS.',
  ],
  gate: 'The domain must be a Netlify DNS zone. A domain that is only assigned to a site has none: set up Netlify DNS for it first.',
  minimalPolicy: ['A user that is a member of one team: that of {{zone}}', '{{zone}}: a Netlify DNS zone'].join('\n'),
};
