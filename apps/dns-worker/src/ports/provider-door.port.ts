import type { ProviderAdapter, ProviderDescriptor } from '@connect/adapters/spi';
import type { Secret } from '@connect/domain';
import type { LeaseTerms } from '@connect/sealing';
import type { Lane } from '../zone-work/zone-work.js';

/** A provider account, opened for one use. `place` tells apart servers that may hold zones of the same id; '' where the provider is one place. */
export type OpenedProvider = { adapter: ProviderAdapter; place: string };

export interface ProviderDoor {
  /** Throws `unknown_provider`. */
  describe(provider: string): ProviderDescriptor;
  /** Every call of the adapter is paid from the shared budget. Throws `credential_format`. */
  open(provider: string, credential: Secret<string>, use: { lane: Lane; zoneId: string | null }): OpenedProvider;
}

export type LentCredential = { credential: Secret<string>; remainingMs(): number };

/** Borrows credentials from the vault, each for one use. Throws what the vault refuses with, or `unavailable`. */
export interface Credentials {
  lend(terms: LeaseTerms): Promise<LentCredential>;
}
