import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

const form = 'prefix.secret';
/** Hexadecimal digits and a longer text of Base64 for URLs were seen; no length is promised. */
const prefixAndSecret = /^[A-Za-z0-9_-]{8,128}\.[A-Za-z0-9_-]{16,256}$/;
/** A JSON Web Token: three parts. */
const cloudToken = /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

export const ionosCredential: CredentialForm<string> = {
  parse(text) {
    if (prefixAndSecret.test(text)) return text;
    const detail = cloudToken.test(text)
      ? `this is a token of IONOS Cloud, which is another API; it needs a key of IONOS hosting in the form ${form}`
      : `it needs the form ${form}: the public prefix of the API key, a dot, and its secret`;
    throw new ProviderError('credential_format', { detail });
  },
};

/** https://developer.hosting.ionos.com/docs/getstarted, verified 2026-11. */
export const ionosCredentialDescription: CredentialDescription = {
  format: form,
  json: false,
  fields: [
    { name: 'prefix', secret: false, format: 'the public prefix of the key', placeholder: '3f1b9c0e…' },
    { name: 'secret', secret: true, format: 'its secret', placeholder: 'Zq3vT…' },
  ],
  steps: [
    'Open developer.hosting.ionos.com/keys (or .de, .co.uk, .es, .fr), logged in to the contract that holds {{zone}}.',
    'Create a new API key and copy the public prefix and the secret: the secret is shown once.',
    'Give the credential as prefix.secret.',
  ],
  gate: 'The domain has to be in the contract of the key and use the name servers of IONOS (ns1….ui-dns.com, .de, .org, .biz). IONOS Cloud DNS (ns-ic.ui-dns.…) is another product with other keys.',
  minimalPolicy: 'An API key has no rights to choose: it opens DNS, domains and certificates of the whole contract. It cannot be restricted to {{zone}}.',
};
