import { z } from 'zod';
import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm } from '../../spi/index.js';

const ReferenceToken = z.string().regex(/^ref_[A-Za-z0-9]{24}$/);
type ReferenceToken = z.infer<typeof ReferenceToken>;

export const referenceCredential: CredentialForm<ReferenceToken> = {
  parse(token) {
    const parsed = ReferenceToken.safeParse(token);
    if (!parsed.success) throw new ProviderError('credential_format', { detail: 'it needs the form ref_ and 24 letters or digits' });
    return parsed.data;
  },
};

export const referenceCredentialDescription: CredentialDescription = {
  format: 'ref_<24 letters or digits>',
  json: false,
  fields: [{ name: 'token', secret: true, format: 'ref_ and 24 letters or digits', placeholder: 'ref_…' }],
  steps: ['Open Account, API tokens, New token.', 'Choose "edit records" and the zone {{zone}} only.'],
  gate: null,
  minimalPolicy: 'edit records of {{zone}}',
};
