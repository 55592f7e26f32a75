import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

export type PorkbunKeys = { apikey: string; secretapikey: string };

const form = 'apikey:secretapikey';
/** `pk1_sb_` and `sk1_sb_` open the sandbox, at the same address. Neither half has a colon. */
const apikey = /^pk1_[A-Za-z0-9_]{8,128}$/;
const secretapikey = /^sk1_[A-Za-z0-9_]{8,128}$/;

export const porkbunCredential: CredentialForm<PorkbunKeys> = {
  parse(text) {
    const [first = '', second = '', ...more] = text.split(':');
    if (secretapikey.test(first) && apikey.test(second)) throw new ProviderError('credential_format', { detail: `it needs the form ${form}: the two keys are the wrong way round` });
    if (!apikey.test(first) || !secretapikey.test(second) || more.length > 0) throw new ProviderError('credential_format', { detail: `it needs the form ${form}: the API key (pk1_…), a colon, the secret key (sk1_…)` });
    return { apikey: first, secretapikey: second };
  },
};

export const porkbunCredentialDescription: CredentialDescription = {
  format: form,
  json: false,
  fields: [
    { name: 'apikey', secret: true, format: 'pk1_ and letters and digits', placeholder: 'pk1_…' },
    { name: 'secretapikey', secret: true, format: 'sk1_ and letters and digits', placeholder: 'sk1_…' },
  ],
  steps: [
    'Open Account, API Access, and enable it.',
    'Create an API key, and copy both keys: the secret key is shown once.',
    'Restrict the key to the domain {{zone}}, and set its monthly spending cap to 0.',
    'Open Domain Management, the details of {{zone}}, and switch API Access on.',
    'Give the credential as apikey:secretapikey.',
  ],
  gate: 'API Access must be switched on for each domain (Domain Management, Details, API Access), or for all in the account settings.',
  minimalPolicy: ['API Access of {{zone}}: on', 'Allowed domains of the key: {{zone}}', 'Monthly spending cap of the key: 0'].join('\n'),
};
