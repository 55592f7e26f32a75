import type { LeaseTerms } from '@connect/sealing';
import type { Envelope } from '../keyring/envelope.js';
import type { WrappedTenantKey } from '../keyring/tenant-keys.js';

export type LeaseAsk = {
  leaseId: string;
  auditId: string;
  terms: LeaseTerms;
  /** The worker's public key for this lease; there is one lease to a key. */
  workerKey: string;
  lifetimeSeconds: number;
};

export type LeaseGrant =
  | { granted: true; version: number; sealed: Envelope; tenantKey: WrappedTenantKey; issuedAtSeconds: number }
  | { granted: false; code: 'not_found' | 'provider_mismatch' | 'lease_used' };

/** Port: the ledger of leases. Whatever the answer, it is in the audit before it is given. */
export interface LeaseLedger {
  /** Grants if tenant, application, credential and provider are those of one row; the lease and its audit are one committed statement. */
  grant(ask: LeaseAsk): Promise<LeaseGrant>;
  /** Writes down that the terms themselves were refused. */
  refuse(ask: Pick<LeaseAsk, 'auditId' | 'terms'>): Promise<void>;
}
export const LEASE_LEDGER = Symbol('LeaseLedger');
