import { ProviderError } from '@connect/domain';
import { retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';

/**
 * Their status and text → our code. Texts are only matched, never quoted. https://docs.digitalocean.com/reference/api/digitalocean/#section/Introduction,
 * verified 2026-11.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status, text } = answer;
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the account has no such domain' });
  if (status === 401) return new ProviderError('rejected_credential', { detail: 'DigitalOcean does not accept the token' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'the token lacks a scope of "domain"' });
  // Creates answered with 503 had been carried out, and were repeated 1,500 times (kubernetes-sigs/external-dns 503).
  if (status === 503 && options.write) return new ProviderError('outcome_unknown', { detail: 'the answer has status 503' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'the token has used up its calls', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? resetOf(answer.headers, options.now) });
  if (status === 422 && /cannot share a name|CNAME records? (already )?exist/i.test(text)) return new ProviderError('record_conflict', { detail: 'a CNAME and other records cannot be at one name' });
  return unexpected(answer, options);
}

/** `ratelimit-reset`: the Unix time, in seconds, at which the oldest call leaves the window of an hour. */
function resetOf(headers: Record<string, string>, now: Date): number | undefined {
  const seconds = Number(headers['ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000 - now.getTime(), 0), 3_600_000) : undefined;
}
