import { z } from 'zod';
import { CredentialReport } from '@connect/contracts';
import { credentialStatuses, type Credential } from '../../ports/credential-store.port.js';

export const CredentialView = z.object({
  id: z.string(), application_id: z.string(), provider: z.string(), label: z.string().nullable(), zone: z.string().nullable(), customer_reference: z.string().nullable(), version: z.int(),
  status: z.enum(credentialStatuses), fingerprint: z.string().nullable(), report: CredentialReport.nullable(), as_of: z.iso.datetime().nullable(), created_at: z.iso.datetime(), updated_at: z.iso.datetime(),
}).meta({ id: 'Credential' });
export type CredentialView = z.infer<typeof CredentialView>;
export function credentialView(credential: Credential): CredentialView {
  return {
    id: credential.id, application_id: credential.application_id, provider: credential.provider, label: credential.label, zone: credential.zone, customer_reference: credential.customer_reference, version: credential.version,
    status: credential.status, fingerprint: credential.fingerprint, report: credential.report, as_of: credential.as_of?.toISOString() ?? null, created_at: credential.created_at.toISOString(), updated_at: credential.updated_at.toISOString(),
  };
}
