import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { Refusal } from './schema.js';

/**
 * Their status and text → our code. There are no codes of machines; texts are only matched, never quoted. https://docs.name.com, texts from the sources
 * named in `__fixtures__/refusals.json`; verified 2026-11. `account`: a call about no domain, where 403 cannot mean one.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; account?: boolean; now: Date }): ProviderError {
  const { status } = answer;
  const refusal = refusalOf(answer);
  const says = `${refusal?.message ?? ''} ${refusal?.details ?? ''}`;
  const isRefused = status === 401 || status === 403;
  if (isRefused && /two[- ](step|factor)|\b2fa\b/i.test(says)) return new ProviderError('account_not_eligible', { detail: 'two-step verification is on for the account, and API access is not permitted beside it' });
  if (isRefused && /\b(ip|address(es)?|allow-?list|whitelist(ed)?)\b/i.test(says)) return new ProviderError('address_not_allowed', { detail: 'the allow-list of the token does not hold our address' });
  if (status === 401 || (status === 403 && options.account === true)) return new ProviderError('rejected_credential', { detail: 'Name.com does not accept the user name and token; the test environment has its own' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'Name.com refuses this for the domain' });
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the account has no such domain' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'the account has used up its calls', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? resetOf(answer.headers, options.now) });
  // Whoever was faster with the very record that we wanted: the next look finds it there.
  if (status === 400 && /Duplicate Record/i.test(says)) return new ProviderError('zone_changed', { detail: 'the record is there already' });
  if (status === 400 && /\bCNAME\b|conflict/i.test(says)) return new ProviderError('record_conflict', { detail: 'a CNAME and other records cannot be at one name' });
  return unexpected(answer, options);
}

/** Is it a path that they do not have, and not a domain that they do not have? That has their message. */
export function isUnknownPath(answer: Pick<HttpAnswer, 'status' | 'text'>): boolean {
  return answer.status === 410 || (answer.status === 404 && refusalOf(answer) === null);
}

function refusalOf({ text }: Pick<HttpAnswer, 'text'>): Refusal | null {
  return Refusal.safeParse(jsonOf(text)).data ?? null;
}

/** `x-ratelimit-reset`: the Unix time, in seconds, at which the window of an hour ends. */
function resetOf(headers: Record<string, string>, now: Date): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000 - now.getTime(), 0), 3_600_000) : undefined;
}
