import { ProviderError, type ErrorCode } from '@connect/domain';
import type { CredentialFinding } from '../spi/index.js';

const nothing: CredentialFinding = { valid: false, code: null, detail: null, zones: [], zonesComplete: false, may: [], widerThanNeeded: null, expiresAt: null };

/**
 * What a check of a credential comes to. A refusal that would come again is a finding and not an error; `recognised` are those by which the provider
 * has accepted the credential all the same, and missed something else. Throws what may pass by itself.
 */
export async function credentialFinding(look: () => Promise<Partial<CredentialFinding>>, recognised: readonly ErrorCode[] = ['zone_not_found', 'missing_permission']): Promise<CredentialFinding> {
  try {
    return { ...nothing, valid: true, ...(await look()) };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.row.retry !== 'never') throw error;
    return { ...nothing, valid: recognised.includes(error.code), code: error.code, detail: error.detail ?? null };
  }
}

/** What a call gives; `null` where the credential lacks the right to it. */
export async function allowed<Result>(call: () => Promise<Result>): Promise<Result | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'missing_permission') return null;
    throw error;
  }
}
