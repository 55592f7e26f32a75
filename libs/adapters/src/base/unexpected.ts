import { ProviderError, type ProviderErrorCode } from '@connect/domain';
import type { HttpAnswer } from '../spi/index.js';

/** What something of theirs means: our code, and the words for it. */
export type Meaning = readonly [code: ProviderErrorCode, detail: string];

/**
 * The meaning of a status where the provider's documentation says nothing better. `write`: a server that failed in the middle of a write
 * (500, 502, 504) may have carried it out. The body is never quoted: it may hold what we sent.
 */
export function unexpected(answer: Pick<HttpAnswer, 'status' | 'headers'>, options: { write: boolean; now: Date }): ProviderError {
  const { status } = answer;
  const detail = `the answer has status ${status}`;
  const retryAfterMs = retryAfterOf(answer.headers, options.now);
  if (status === 401) return new ProviderError('rejected_credential', { detail });
  if (status === 403) return new ProviderError('missing_permission', { detail });
  if (status === 409 || status === 412) return new ProviderError('zone_changed', { detail });
  if (status === 429) return new ProviderError('rate_limited', { detail, retryAfterMs });
  if (status === 503) return new ProviderError('provider_unavailable', { detail, retryAfterMs });
  if (status >= 500) return new ProviderError(options.write ? 'outcome_unknown' : 'provider_unavailable', { detail, retryAfterMs });
  if (status === 400 || status === 422) return new ProviderError('record_invalid', { detail });
  return new ProviderError('provider_protocol', { detail });
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110 10.2.3), between 0 and a day. */
export function retryAfterOf(headers: Record<string, string>, now: Date): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(Math.ceil(ms), 0), 86_400_000) : undefined;
}
