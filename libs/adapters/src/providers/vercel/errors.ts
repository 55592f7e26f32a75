import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { Refusal } from './schema.js';

/** Their status and code → our code. Texts are only matched, never quoted. https://vercel.com/docs/rest-api/errors, verified 2026-11. */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status } = answer;
  const refusal = refusalOf(answer);
  if (status === 401 || (status === 403 && refusal?.invalidToken === true)) return new ProviderError('rejected_credential', { detail: 'Vercel does not accept the token, or it is over' });
  if (status === 402) return new ProviderError('account_not_eligible', { detail: 'Vercel asks for a payment first' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'the token is of another team, of a project, or of a member who may not change DNS' });
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the team of the token has no such domain' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'the calls of this kind are used up', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? resetOf(answer, refusal, options.now) });
  if (/maximum number of DNS values/i.test(refusal?.message ?? '')) return new ProviderError('zone_full', { detail: 'a name has at most 50 values of a type' });
  if (status === 409 || refusal?.code === 'record_conflicts') return new ProviderError('record_conflict', { detail: 'another record is in the way at this name' });
  return unexpected(answer, options);
}

function refusalOf({ text }: Pick<HttpAnswer, 'text'>): Refusal | null {
  return Refusal.safeParse(jsonOf(text)).data ?? null;
}

/** Both hold the Unix time, in seconds, at which the window ends; that of creates is an hour long. */
function resetOf({ headers }: Pick<HttpAnswer, 'headers'>, refusal: Refusal | null, now: Date): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] ?? refusal?.limit?.reset ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000 - now.getTime(), 0), 3_600_000) : undefined;
}
