import type { Secret } from '@connect/domain';

export type SealedPlace = { tenantId: string; applicationId: string; credentialId: string; provider: string; version: number };

/** The way of a secret into the vault: sealed at once, stored there, only a fingerprint comes back. Throws `unavailable` after 2 s. */
export abstract class Vault {
  abstract store(place: SealedPlace, token: Secret<string>): Promise<{ fingerprint: string }>;
}
