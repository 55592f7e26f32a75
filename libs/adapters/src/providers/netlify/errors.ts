import { ProviderError } from '@connect/domain';
import { retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';

/**
 * Their status and text → our code. Refusals come in three shapes (`message`, `error`, `errors`) and without codes of machines, so texts are matched,
 * never quoted. https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/, verified 2026-11.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status, text } = answer;
  if (status === 401) return new ProviderError('rejected_credential', { detail: 'Netlify does not accept the token, or it is over' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'the user of the token may not do this in the team, or the team demands single sign-on and the token was made without access to it' });
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the teams of the token have no such Netlify DNS zone' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'the token has used up its calls', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? resetOf(answer.headers, options.now) });
  if (options.write && /link exists/i.test(text)) return new ProviderError('record_conflict', { detail: 'a site of Netlify answers at this name (a NETLIFY record)' });
  // A field that is missing ends in their own code: it would end there each time.
  if (options.write && status === 500 && /undefined method/i.test(text)) return new ProviderError('record_invalid', { detail: 'the record does not pass through their validation' });
  // Whether a copy would be refused is not documented, so a create that may have happened is looked at first.
  if (options.write && status === 503) return new ProviderError('outcome_unknown', { detail: 'the answer has status 503' });
  if (options.write && status < 500 && /already (exists|taken|been taken)|must be unique|duplicate/i.test(text)) return new ProviderError('zone_changed', { detail: 'the record is there already' });
  if (options.write && status < 500 && /\bCNAME\b|\bconflict/i.test(text)) return new ProviderError('record_conflict', { detail: 'another record is in the way at this name' });
  return unexpected(answer, options);
}

/** `X-RateLimit-Reset`: the Unix time, in seconds, at which the window of a minute ends. */
function resetOf(headers: Record<string, string>, now: Date): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000 - now.getTime(), 0), 3_600_000) : undefined;
}
