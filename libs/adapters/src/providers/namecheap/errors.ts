import { ProviderError } from '@connect/domain';
import { at, childrenOf, unexpected, type Meaning, type XmlElement } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';

/** No Retry-After is ever sent; the shortest of the three windows is a minute. */
const rateLimitWaitMs = 60_000;

/**
 * Their number → our code, where an answer was published (1011102, 1011150) or their own client names the number:
 * namecheap/go-namecheap-sdk v2.10.1 namecheap/errors.go, 2026-11.
 */
const verified: Readonly<Record<string, Meaning>> = {
  1011102: ['rejected_credential', 'the API key is not valid, or API access is not switched on'],
  1011150: ['address_not_allowed', 'our address is not on the allow-list of the account'],
  2019166: ['zone_not_found', 'there is no such domain'],
  2016166: ['zone_not_found', 'the domain is not in this account'],
  3016166: ['zone_not_found', 'the domain is not in this account'],
  2030166: ['zone_not_writable', 'the domain cannot be edited'],
  4011103: ['missing_permission', 'access to the domain is denied'],
};
/**
 * Not verified: only the table "Global Error Codes" of https://www.namecheap.com/support/api/global-parameters/ (read 2026-11) names these,
 * in a few words each; no answer with one of them was seen, and their own client does not know them. The table calls 1011105 a missing
 * ClientIP, as it calls 1011102 a missing key, which their servers send for a wrong one; since ClientIp is always sent, it is read in the same way.
 */
const unverified: Readonly<Record<string, Meaning>> = {
  1010101: ['rejected_credential', 'the API user is missing'],
  1010102: ['rejected_credential', 'the API key is missing'],
  1019103: ['rejected_credential', 'there is no such user'],
  1016103: ['rejected_credential', 'the API user may not act for this user'],
  1011105: ['address_not_allowed', 'the clientIp of the credential is not accepted'],
  1017105: ['address_not_allowed', 'the clientIp of the credential is locked'],
  1017150: ['address_not_allowed', 'our address is locked'],
  1017101: ['account_not_eligible', 'the API user is locked'],
  1017103: ['account_not_eligible', 'the user is locked'],
};
const meanings: Readonly<Record<string, Meaning>> = { ...unverified, ...verified };
/**
 * Failures of their own servers (the same client's list, and 1050900 of the table above, which is not verified either); whether a setHosts was
 * carried out is then open.
 */
const transient: ReadonlySet<string> = new Set(['3050900', '5019169', '5050169', '5050900', '1050900']);

/** What an HTTP status says before the body is read; `null`: nothing, the body decides. Errors come with 200. */
export function statusErrorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError | null {
  if (answer.status === 200) return null;
  // 405 is their rate limit, answered before anything is done. 429 was never seen and would mean the same.
  if (answer.status === 405 || answer.status === 429) {
    const { retryAfterMs } = unexpected({ status: 429, headers: answer.headers }, options);
    return new ProviderError('rate_limited', { detail: 'the calls of the account are used up: 20 a minute, 700 an hour, 8,000 a day', retryAfterMs: retryAfterMs ?? rateLimitWaitMs });
  }
  return unexpected(answer, options);
}

export function errorOf(response: XmlElement, options: { write: boolean }): ProviderError {
  const errors = childrenOf(at(response, 'Errors'), 'Error');
  const numbers = errors.map(({ attributes }) => attributes['Number'] ?? '');
  for (const [index, number] of numbers.entries()) {
    const meaning = meanings[number];
    if (meaning === undefined) continue;
    const detail = `${meaning[1]} (${number})`;
    return new ProviderError(meaning[0], { detail: meaning[0] === 'address_not_allowed' ? withAddress(detail, errors[index]!.text) : detail });
  }
  if (numbers.some((number) => transient.has(number))) return new ProviderError(options.write ? 'outcome_unknown' : 'provider_unavailable', { detail: `their servers failed (${numbers.join(', ')})` });
  const known = numbers.filter((number) => /^\d{1,10}$/.test(number)).join(', ');
  return new ProviderError(options.write ? 'record_invalid' : 'provider_protocol', { detail: known === '' ? 'an error without a number' : `their error ${known}` });
}

/** Their text names the address that they saw: the customer needs it for the allow-list, and it is no secret. Nothing else is quoted. */
function withAddress(detail: string, text: string): string {
  const seen = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])/.exec(text)?.[1];
  return seen === undefined ? detail : `${detail}; they see us as ${seen}`;
}
