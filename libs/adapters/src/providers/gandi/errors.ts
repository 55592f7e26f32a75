import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { FailedAnswer, InvalidAnswer } from './schema.js';

/**
 * Their status → our code. Texts are only matched, never quoted: they repeat names and data of the request.
 * https://api.gandi.net/docs/reference/ and recorded answers (dns-lexicon/dns-lexicon, Aldaviva/Gandi), verified 2026-11.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status } = answer;
  if (status === 401) return new ProviderError('rejected_credential', { detail: 'the token is not known or has ended: a personal access token lasts a year at most' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'the token does not cover the domain, or lacks "Manage domain name technical configurations"' });
  if (isMissingSet(answer)) return new ProviderError('zone_changed', { detail: 'a record set that was read is no longer there' });
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the domain does not use LiveDNS, or the token does not cover it' });
  if (status === 409) return new ProviderError('zone_changed', { detail: 'the record set is there already' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'the calls that an address has a minute are used up', retryAfterMs: retryAfterOf(answer.headers, options.now) });
  if (status === 400) return invalid(answer);
  return unexpected(answer, options);
}

/** 404 is said of a domain and of a record set; only `object` tells them apart. */
export function isMissingSet({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): boolean {
  const parsed = FailedAnswer.safeParse(jsonOf(text));
  return status === 404 && parsed.success && parsed.data.object === 'dns-record';
}

/** The text of a CNAME conflict is not documented; it is recognised where it names the CNAME and something in its way. */
function invalid({ text }: HttpAnswer): ProviderError {
  const parsed = InvalidAnswer.safeParse(jsonOf(text));
  const errors = parsed.success ? parsed.data.errors : [];
  if (errors.some(({ description }) => /cname/i.test(description ?? '') && /conflict|other|already|exist|coexist/i.test(description ?? ''))) return new ProviderError('record_conflict', { detail: 'a CNAME and other records cannot both be at a name' });
  const fields = [...new Set(errors.map(({ name }) => name ?? '').filter((name) => /^[a-z_]{1,20}$/.test(name)))];
  return new ProviderError('record_invalid', { detail: `they refuse the record${fields.length === 0 ? '' : `: ${fields.join(', ')}`}` });
}
