import { ProviderError } from '@connect/domain';
import { retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';

/**
 * Their status and text → our code. Texts are only matched, never quoted. https://techdocs.akamai.com/linode-api/reference/errors, and the rules
 * for repeating of linode/linodego; verified 2026-11.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status, text, headers } = answer;
  if (status === 401) return isUnderstood(answer) ? new ProviderError('missing_permission', { detail: 'the token lacks the scope domains:read_write' }) : new ProviderError('rejected_credential', { detail: 'Linode does not accept the token' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'the user of the token lacks the grant for the domain' });
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the account has no such domain' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'the user has used up the calls', retryAfterMs: retryAfterOf(headers, options.now) ?? resetOf(headers, options.now) });
  if (status === 400 && /Linode busy/i.test(text)) return new ProviderError('provider_unavailable', { detail: 'the provider is busy' });
  if (status === 400 && /Record conflict/i.test(text)) return new ProviderError('record_conflict', { detail: 'a CNAME and other records cannot be at one name' });
  // Something in front of the API; whether the call had got through nobody tells, and a repeated create is a copy.
  const isFromFront = status === 408 || status === 503 || (status === 400 && (headers['content-type'] ?? '').startsWith('text/html'));
  if (isFromFront) return new ProviderError(options.write ? 'outcome_unknown' : 'provider_unavailable', { detail: `the answer has status ${status}`, retryAfterMs: status === 503 ? retryAfterOf(headers, options.now) : undefined });
  // `Retry-After` stands on every answer, also on good ones: it means something with 429 and 503 only.
  return unexpected({ status, headers: {} }, options);
}

/** A missing scope is 401, too. The header with the scopes that a token has says `unknown` of one that does not exist. */
function isUnderstood({ headers, text }: HttpAnswer): boolean {
  const scopes = headers['x-oauth-scopes']?.trim();
  return scopes === undefined ? /not authorized to use this endpoint/i.test(text) : scopes !== 'unknown';
}

/** `x-ratelimit-reset`: the Unix time, in seconds, at which the window ends. */
function resetOf(headers: Record<string, string>, now: Date): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000 - now.getTime(), 0), 3_600_000) : undefined;
}
