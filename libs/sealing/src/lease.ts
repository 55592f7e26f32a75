import { z } from 'zod';
import { ConnectError, type Clock, type Secret } from '@connect/domain';
import { ephemeralKeyPair } from './key-pair.js';
import type { PublicJwk } from './public-jwk.js';
import { openWith, sealTo, unprovenHeader } from './seal.js';

/** What a worker asks a credential for; the lease says the same back, and opens for nothing else. */
export type LeaseTerms = {
  tenant_id: string;
  application_id: string;
  credential_id: string;
  provider: string;
  purpose: 'check' | 'find_zone' | 'plan' | 'write';
  zone: string | null;
  fence: string | null;
  connections: readonly string[];
};

/** `iat` and `exp`: seconds since 1970 on the clock of the vault's database (as in RFC 7519); only their difference is used by a worker. */
export type LeaseClaims = LeaseTerms & { lease_id: string; iat: number; exp: number };

/** The longest time a lease may last, in seconds. */
export const longestLeaseSeconds = 60;

const IssuedLease = z.object({ lease_id: z.string(), iat: z.int(), exp: z.int() });

/** In the vault: seals a credential to one worker under the terms of one lease. */
export function sealLease(worker: PublicJwk, credential: Secret<string>, claims: LeaseClaims): Promise<string> {
  return sealTo(worker, null, credential, { ...termsOf(claims), lease_id: claims.lease_id, iat: claims.iat, exp: claims.exp });
}

export type OpenedLease = {
  leaseId: string;
  credential: Secret<string>;
  /** How long the credential may still be used, in milliseconds; 0 when the lease is over. */
  remainingMs(): number;
};

/** What a worker holds out for one lease: `publicJwk` goes into the question, `open` takes the answer. */
export type LeaseBox = { publicJwk: PublicJwk; open(lease: string, terms: LeaseTerms): Promise<OpenedLease> };

/**
 * One box for one lease. `open` answers once, whatever comes (`lease_used` after that), and compares the protected header with what was asked
 * (`seal_broken`). A lease that is over is `lease_denied`. Its time is counted from the making of the box on the monotonic clock: never
 * later than the vault counts, and the clocks of the two machines need not agree.
 */
export async function leaseBox(clock: Pick<Clock, 'monotonicMs'>): Promise<LeaseBox> {
  const madeAtMs = clock.monotonicMs();
  const pair = await ephemeralKeyPair();
  let isUsed = false;
  return {
    publicJwk: pair.publicJwk,
    async open(lease, terms) {
      if (isUsed) throw new ConnectError('lease_used');
      isUsed = true;
      const issued = issuedLease(lease);
      const credential = await openWith(pair.privateKey, lease, { ...termsOf(terms), ...issued });
      const endsAtMs = madeAtMs + Math.min(issued.exp - issued.iat, longestLeaseSeconds) * 1000;
      const remainingMs = () => Math.max(0, endsAtMs - clock.monotonicMs());
      if (remainingMs() === 0) throw new ConnectError('lease_denied', { detail: 'The lease is over.' });
      return { leaseId: issued.lease_id, credential, remainingMs };
    },
  };
}

function issuedLease(lease: string): z.infer<typeof IssuedLease> {
  const parsed = IssuedLease.safeParse(unprovenHeader(lease).claims);
  if (!parsed.success) throw new ConnectError('seal_broken', { detail: 'The lease does not say its id and its end.' });
  return parsed.data;
}

function termsOf(terms: LeaseTerms): LeaseTerms {
  const { tenant_id, application_id, credential_id, provider, purpose, zone, fence, connections } = terms;
  return { tenant_id, application_id, credential_id, provider, purpose, zone, fence, connections };
}
