import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

/** Account (`dnsimple_a_`) and user (`dnsimple_u_`) tokens; older ones have no prefix, and their length is documented nowhere. */
const token = /^(dnsimple_[au]_)?[A-Za-z0-9]{24,64}$/;

export const dnsimpleCredential: CredentialForm<string> = {
  parse(text) {
    if (!token.test(text)) throw new ProviderError('credential_format', { detail: 'it needs the form dnsimple_a_ and 32 letters and digits: an API access token of the account' });
    return text;
  },
};

export const dnsimpleCredentialDescription: CredentialDescription = {
  format: 'dnsimple_a_<32 letters and digits>',
  json: false,
  fields: [{ name: 'token', secret: true, format: 'dnsimple_a_ and 32 letters and digits', placeholder: 'dnsimple_a_…' }],
  steps: [
    'Open Account, Automation (in newer accounts Account settings, API & Access), API tokens, and generate a token of the account.',
    'From the plan Teams on, restrict it: Zones, full access, and only the zone that is to be connected.',
    'Copy the token: it is shown once. A user token works as well and opens every account of the person.',
  ],
  gate: null,
  minimalPolicy: 'zones: full access to {{zone}} only (scoped tokens come with the plan Teams; on Solo a token has all rights of the account)',
};
