import { ConnectError, newUuid } from '@connect/domain';
import { longestLeaseSeconds, publicJwk, sealLease, type LeaseTerms } from '@connect/sealing';
import type { TenantKeys } from '../keyring/tenant-keys.js';
import type { LeaseLedger } from '../ports/lease-ledger.port.js';
import { refusalOf } from './lease-rules.js';

export class LeaseCredential {
  constructor(private readonly ledger: LeaseLedger, private readonly tenantKeys: TenantKeys) {}

  /**
   * Lends a credential to the worker that holds the private key of `workerJwk`, for these terms and at most 60 s. The lease is in the audit
   * before it is sealed. Throws `not_found` (also for another tenant's or application's credential), `provider_mismatch`, `lease_denied` (the
   * terms), `lease_used` (this key had its lease), `malformed_request` (the key) and `seal_broken` (the row was tampered with).
   */
  async run(terms: LeaseTerms, workerJwk: unknown): Promise<string> {
    const worker = publicJwk(workerJwk);
    const [leaseId, auditId] = [newUuid(), newUuid()];
    const refusal = refusalOf(terms);
    if (refusal !== null) {
      await this.ledger.refuse({ auditId, terms: withinBounds(terms) });
      throw new ConnectError('lease_denied', { detail: refusal });
    }
    const grant = await this.ledger.grant({ leaseId, auditId, terms, workerKey: worker.x, lifetimeSeconds: longestLeaseSeconds });
    if (!grant.granted) throw new ConnectError(grant.code);

    const key = await this.tenantKeys.unwrap(terms.tenant_id, grant.tenantKey);
    const credential = key.open(grant.sealed, { tenantId: terms.tenant_id, applicationId: terms.application_id, credentialId: terms.credential_id, provider: terms.provider, version: grant.version });
    return sealLease(worker, credential, { ...terms, lease_id: leaseId, iat: grant.issuedAtSeconds, exp: grant.issuedAtSeconds + longestLeaseSeconds });
  }
}

/** What was refused for its size is not written down in full. */
function withinBounds(terms: LeaseTerms): LeaseTerms {
  return { ...terms, zone: terms.zone?.slice(0, 512) ?? null, fence: terms.fence?.slice(0, 512) ?? null, connections: terms.connections.slice(0, 100) };
}
