import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected, type Meaning } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { FailedAnswer } from './schema.js';

/** Their code → ours; the text is never looked at. https://docs.hetzner.cloud/reference/cloud#errors and hcloud-go `error.go`, verified 2026-11. */
const meanings: Readonly<Record<string, Meaning>> = {
  unauthorized: ['rejected_credential', 'the project token is not known'],
  forbidden: ['missing_permission', 'the project token may not do this'],
  token_readonly: ['missing_permission', 'the project token has Read only; it needs Read & Write'],
  not_found: ['zone_not_found', 'the project has no such zone'],
  invalid_input: ['record_invalid', 'they refuse the record'],
  json_error: ['record_invalid', 'they refuse the record'],
  incorrect_zone_mode: ['zone_not_writable', 'the zone is secondary: it is copied from another server'],
  uniqueness_error: ['zone_changed', 'the record is there already'],
  conflict: ['zone_changed', 'the zone was changed at the same time'],
  // Another action runs in the zone; it is over in seconds.
  locked: ['provider_unavailable', 'another change of the zone is under way'],
  protected: ['unsupported', 'the record set is protected against changes'],
  resource_limit_exceeded: ['zone_full', 'a limit of the project is reached'],
  deprecated_api_endpoint: ['provider_protocol', 'this part of their API is gone'],
};

/** The bucket refills by one call a second; this is enough for the next turn. */
const refillMs = 10_000;

export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  if (answer.status === 429) return new ProviderError('rate_limited', { detail: 'the project has spent its calls', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? refillMs });
  const parsed = FailedAnswer.safeParse(jsonOf(answer.text));
  const meaning = parsed.success ? meanings[parsed.data.error.code] : undefined;
  if (!parsed.success || meaning === undefined) return unexpected(answer, options);
  const fields = (parsed.data.error.details?.fields ?? []).map(({ name }) => name).filter((name) => /^[a-z_.\d[\]]{1,40}$/.test(name));
  return new ProviderError(meaning[0], { detail: fields.length === 0 ? meaning[1] : `${meaning[1]}: ${fields.join(', ')}`, retryAfterMs: retryAfterOf(answer.headers, options.now) });
}

/** What a change means that was taken on and has failed. Of a failure without a known meaning nobody can say how far it came. */
export function errorOfAction(code: string | undefined): ProviderError {
  const meaning = code === undefined ? undefined : meanings[code];
  return meaning === undefined ? new ProviderError('outcome_unknown', { detail: 'the change was taken on and has failed' }) : new ProviderError(meaning[0], { detail: meaning[1] });
}
