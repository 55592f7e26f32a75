import { z } from 'zod';
import { ConflictPolicy, CredentialReport, WireTemplateRecord } from '@connect/contracts';
import type { Application } from '../../ports/application-store.port.js';
import { scopes } from '../../ports/caller.js';
import { credentialStatuses, type Credential } from '../../ports/credential-store.port.js';
import type { StoredKey, Tenant } from '../../ports/key-store.port.js';

export const ApplicationView = z.object({
  id: z.string(), name: z.string(), conflict_policy: ConflictPolicy, shared_credentials: z.boolean(), template_version: z.int().nullable(), record_template: z.array(WireTemplateRecord).nullable(),
  created_at: z.iso.datetime(), updated_at: z.iso.datetime(),
}).meta({ id: 'Application' });
export type ApplicationView = z.infer<typeof ApplicationView>;
export function applicationView({ tenant_id: _, created_at, updated_at, ...application }: Application): ApplicationView {
  return { ...application, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() };
}

export const KeyView = z.object({
  id: z.string(), level: z.enum(['tenant', 'application']), application_id: z.string().nullable(), name: z.string().nullable(), scopes: z.array(z.enum(scopes)),
  /** The first characters, to tell keys apart. */
  hint: z.string(), expires_at: z.iso.datetime().nullable(), revoked_at: z.iso.datetime().nullable(), created_by: z.string(), created_at: z.iso.datetime(),
}).meta({ id: 'Key' });
export type KeyView = z.infer<typeof KeyView>;
export function keyView(key: StoredKey): KeyView {
  return {
    id: key.id, level: key.application_id === null ? 'tenant' : 'application', application_id: key.application_id, name: key.name, scopes: key.scopes, hint: key.hint, expires_at: key.expires_at?.toISOString() ?? null,
    revoked_at: key.revoked_at?.toISOString() ?? null, created_by: key.created_by, created_at: key.created_at.toISOString(),
  };
}
/** The answer that shows a key, once. */
export const ShownKeyView = KeyView.extend({ key: z.string() }).meta({ id: 'NewKey' });

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

export const TenantView = z.object({ id: z.string(), name: z.string(), created_at: z.iso.datetime() }).meta({ id: 'Tenant' });
export type TenantView = z.infer<typeof TenantView>;
export function tenantView(tenant: Tenant): TenantView {
  return { id: tenant.id, name: tenant.name, created_at: tenant.created_at.toISOString() };
}
