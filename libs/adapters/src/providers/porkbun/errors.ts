import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected, type Meaning } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { Refusal } from './schema.js';

const badKeys: Meaning = ['rejected_credential', 'Porkbun does not accept the keys'];
const badDomain: Meaning = ['zone_not_found', 'the domain is not in this account, or API Access is off for it'];
const switchedOff: Meaning = ['account_not_eligible', 'API Access is off for this domain: switch it on in Domain Management, Details'];

/** Their code → ours; their text is never quoted. https://porkbun.com/api/json/v3/spec, verified 2026-11. */
const meanings: Readonly<Record<string, Meaning>> = {
  API_KEY_REQUIRED: badKeys,
  MISSING_APIKEY: badKeys,
  MISSING_SECRETAPIKEY: badKeys,
  INVALID_API_KEYS_001: badKeys,
  INVALID_API_KEYS_002: badKeys,
  INVALID_TOKEN: badKeys,
  INVALID_USER: badKeys,
  IP_NOT_ALLOWED: ['address_not_allowed', 'our address is not on the allow-list of the key'],
  DOMAIN_NOT_ALLOWED: ['missing_permission', 'the key is restricted to other domains'],
  INVALID_DOMAIN: badDomain,
  DOMAIN_NOT_FOUND: ['zone_not_found', 'the domain is not in this account'],
  INVALID_RECORD_ID: ['zone_changed', 'the record is gone'],
  // Somebody was faster with the very record that we wanted: the next look finds it there.
  DUPLICATE_RECORD: ['zone_changed', 'the record is there already'],
  RECORD_CONFLICT: ['record_conflict', 'another record is in the way at this name'],
  SPF_CONFLICT: ['record_conflict', 'an SPF record is at this name already'],
  ZONE_RECORD_LIMIT: ['zone_full', 'the zone has 2,500 records'],
  INVALID_TYPE: ['unsupported', 'the type is not one of theirs'],
  IDEMPOTENCY_KEY_IN_USE: ['outcome_unknown', 'the same write is still running'],
};

/** Answers of before 2025 have texts only. */
const texts: readonly (readonly [RegExp, Meaning])[] = [
  [/invalid api key/i, badKeys],
  [/not opted in/i, switchedOff],
  [/invalid domain/i, badDomain],
  [/invalid record id/i, meanings['INVALID_RECORD_ID']!],
  [/unable to create the dns record/i, ['record_conflict', 'refused without a reason: most often the record is there already, or another one is in its way']],
];

export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status, text } = answer;
  const refusal = refusalOf(answer);
  if (status === 429 || refusal?.code === 'RATE_LIMIT_EXCEEDED') {
    const waitMs = refusal?.ttlRemaining === undefined ? undefined : Math.max(refusal.ttlRemaining, 0) * 1000;
    return new ProviderError('rate_limited', { detail: 'the key has used up its calls', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? waitMs });
  }
  // Before there were rate limits with a name, the proxy in front of the API answered with its own page (DNSControl 3225): nothing was carried out.
  if (status === 503 && /openresty/i.test(text)) return new ProviderError('rate_limited', { detail: 'the proxy in front of the API asks to wait', retryAfterMs: retryAfterOf(answer.headers, options.now) });
  const meaning = meanings[refusal?.code ?? ''] ?? texts.find(([pattern]) => pattern.test(refusal?.message ?? ''))?.[1];
  if (meaning !== undefined) return new ProviderError(meaning[0], { detail: meaning[1] });
  if (refusal !== null && status < 500 && options.write) return new ProviderError('record_invalid', { detail: 'the record does not pass their validation' });
  return unexpected(answer, options);
}

/** `status: "ERROR"` decides: it has come with HTTP 200 as well. */
export function refusalOf({ text }: Pick<HttpAnswer, 'text'>): Refusal | null {
  return Refusal.safeParse(jsonOf(text)).data ?? null;
}

export const apiAccessIsOff = (): ProviderError => new ProviderError(switchedOff[0], { detail: switchedOff[1] });
