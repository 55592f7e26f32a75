import { z } from 'zod';
import { errorCodes } from '@connect/domain';
import { defineRequest } from '../envelope.js';

/** A request's refusal: a code of the catalogue instead of an answer. */
export const Refusal = z.object({ refused: z.enum(errorCodes), detail: z.string().nullable() });
export type Refusal = z.infer<typeof Refusal>;

export const leasePurposes = ['check', 'find_zone', 'plan', 'write'] as const;
export type LeasePurpose = (typeof leasePurposes)[number];

/** The vault's public key for values on their way in, as a JWK with `kid`. */
export const sealKey = defineRequest({ subject: 'rpc.vault.seal-key', ask: z.object({}), answer: z.object({ jwk: z.record(z.string(), z.unknown()), kid: z.string() }) });

/** Store a credential that was sealed (compact JWE) to the vault's key; `credential_id` and `version` make it idempotent. */
export const storeCredential = defineRequest({
  subject: 'rpc.vault.store-credential',
  ask: z.object({ tenant_id: z.string(), application_id: z.string(), credential_id: z.string(), provider: z.string(), version: z.int().positive(), sealed: z.string() }),
  answer: z.object({ fingerprint: z.string() }),
});

/** Lend a credential to one worker for one purpose; the answer is a compact JWE to the worker's ephemeral public key, opened once, at most 60 s. */
export const leaseCredential = defineRequest({
  subject: 'rpc.vault.lease',
  ask: z.object({
    tenant_id: z.string(),
    application_id: z.string(),
    credential_id: z.string(),
    provider: z.string(),
    purpose: z.enum(leasePurposes),
    zone: z.string().nullable(),
    fence: z.string().nullable(),
    connections: z.array(z.string()),
    worker_jwk: z.record(z.string(), z.unknown()),
  }),
  answer: z.object({ lease: z.string() }),
});

/** The audit rows of a tenant, newest first. */
export const auditTrail = defineRequest({
  subject: 'rpc.vault.audit',
  ask: z.object({ tenant_id: z.string(), credential_id: z.string().nullable(), limit: z.int().min(1).max(100), before: z.string().nullable() }),
  answer: z.object({ rows: z.array(z.object({ id: z.string(), at: z.iso.datetime(), action: z.string(), credential_id: z.string().nullable(), purpose: z.string().nullable(), zone: z.string().nullable(), connections: z.array(z.string()) })) }),
});
