import { ProviderError } from '@connect/domain';
import { retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';

/** 30 calls a second and address; they do not say when to come again. */
const windowMs = 1_000;

/**
 * Their status and text → our code. There are no codes of machines, so the status comes first; texts are only matched, never quoted.
 * https://www.vultr.com/api/#section/Introduction, texts from the sources named in `__fixtures__/refusals.json`; verified 2026-11.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status, text } = answer;
  if (status === 401 && /\bIP address\b|[0-9a-f]+[.:][0-9a-f.:]+ is not authorized/i.test(text)) return new ProviderError('address_not_allowed', { detail: 'the access control of the key does not list our address; IPv4 and IPv6 are listed apart' });
  if (status === 401) return new ProviderError('rejected_credential', { detail: 'Vultr does not accept the key' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'the user of the key lacks the permission DNS' });
  if (isUnknownDomain(answer)) return new ProviderError('zone_not_found', { detail: 'the account has no such domain' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'our address has used up its calls', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? windowMs });
  // Whether a copy would be refused is not documented, so a create that may have happened is looked at first.
  if (status === 503 && options.write) return new ProviderError('outcome_unknown', { detail: 'the answer has status 503' });
  if (status === 400 && /must match the TTL of existing/i.test(text)) return new ProviderError('zone_changed', { detail: 'somebody else’s record of the set has another TTL' });
  if (status === 400 && /duplicate|already exists/i.test(text)) return new ProviderError('zone_changed', { detail: 'the record is there already' });
  if (status === 400 && /\bCNAME\b/i.test(text)) return new ProviderError('record_conflict', { detail: 'a CNAME and other records cannot be at one name' });
  return unexpected(answer, options);
}

/** 404, and 400 with a text that their own Terraform provider rests on. */
export function isUnknownDomain({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): boolean {
  return status === 404 || (status === 400 && /Invalid domain/i.test(text));
}
