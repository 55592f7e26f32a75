import { ProviderError, type Change, type ProviderErrorCode } from '@connect/domain';
import type { ChangeOutcome } from '../spi/index.js';
import { refused } from './prepare-changes.js';

const ofAccountOrProvider: readonly ProviderErrorCode[] = ['rejected_credential', 'missing_permission', 'account_not_eligible', 'address_not_allowed', 'zone_not_found', 'zone_ambiguous', 'zone_full', 'zone_not_writable', 'rate_limited', 'provider_unavailable', 'outgoing_denied', 'credential_format'];

/**
 * Refusals of the account or the provider, which would meet each further call as well: going on would only draw more of them, or spend the
 * budget of others. All other refusals are about the changes themselves.
 */
export function meetsAll({ code }: ProviderError): boolean {
  return ofAccountOrProvider.includes(code);
}

/**
 * Writes changes one after the other and settles an outcome for each: a refusal of one does not spoil its neighbours; a refusal that would
 * meet all, a lost answer or an abort ends it, and what was not sent is refused as such. Errors that are no `ProviderError` are thrown.
 */
export async function applyOneByOne(changes: readonly Change[], apply: (change: Change) => Promise<void>, signal: AbortSignal): Promise<ChangeOutcome[]> {
  const outcomes: ChangeOutcome[] = [];
  for (const [at, change] of changes.entries()) {
    const rest = changes.slice(at);
    if (signal.aborted) return [...outcomes, ...rest.map((each) => refused(each, 'provider_unavailable', 'given up before it was sent'))];
    try {
      await apply(change);
      outcomes.push({ change, status: 'applied', code: null, detail: null });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const detail = error.detail ?? null;
      if (mayHaveHappened(error)) {
        return [...outcomes, { change, status: 'unknown', code: 'outcome_unknown', detail }, ...rest.slice(1).map((each) => refused(each, 'provider_unavailable', 'not sent: the answer before it was lost'))];
      }
      if (meetsAll(error)) {
        if (at === 0) throw error;
        return [...outcomes, ...rest.map((each) => refused(each, error.code, detail))];
      }
      outcomes.push(refused(change, error.code, detail));
    }
  }
  return outcomes;
}

/** A write whose answer was lost, or whose answer cannot be understood: look first. */
export function mayHaveHappened(error: unknown): boolean {
  return !(error instanceof ProviderError) || error.code === 'outcome_unknown' || error.code === 'provider_protocol';
}
