import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { Refusals, type Refusal } from './schema.js';

/** What a call is about: the list of zones, the reading of one, or a record that is written. */
export type About = 'account' | 'zone' | 'write';

/** No limit is documented for zones and records, and so no time; the one of dynamic DNS is of a minute. */
const defaultWaitMs = 60_000;

/**
 * Their status and code → our code. Texts are matched and never quoted: a refusal repeats the record that was sent.
 * ionos-developer/dns-sdk-go `api/openapi.yaml` (1.0.1) and the threads named in the README; verified 2026-11.
 */
export function errorOf(answer: HttpAnswer, { about, now }: { about: About; now: Date }): ProviderError {
  const { status } = answer;
  const refusals = refusalsOf(answer);
  const codes = refusals.map(({ code }) => code ?? '');
  if (status === 401) return new ProviderError('rejected_credential', { detail: 'IONOS does not accept the key' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'IONOS does not allow this to the contract of the key' });
  if (status === 404 && (about === 'zone' || (about === 'write' && !codes.includes('RECORD_NOT_FOUND')))) return new ProviderError('zone_not_found', { detail: 'the contract of the key has no such zone' });
  if (status === 404 && about === 'write') return new ProviderError('zone_changed', { detail: 'the record is gone, or has another id' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'IONOS asks to wait', retryAfterMs: retryAfterOf(answer.headers, now) ?? defaultWaitMs });
  // Nothing but the key goes with this call; a key that was cut was seen answered like this (caddy-dns/ionos issue 15, cause not told).
  if (status === 400 && about === 'account') return new ProviderError('rejected_credential', { detail: 'IONOS does not understand the key: copy prefix and secret again' });
  if (status === 400 && about === 'zone') return new ProviderError('provider_protocol', { detail: 'the answer has status 400' });
  if (status === 400 && refusals.some(({ message }) => /\bcname\b|conflict/i.test(message ?? ''))) return new ProviderError('record_conflict', { detail: 'another record is in the way' });
  if (status === 400) return new ProviderError('record_invalid', { detail: `IONOS refuses the record${fieldsOf(refusals)}` });
  return unexpected(answer, { write: about === 'write', now });
}

/** Codes and fields are fixed words of theirs, and only such words are shown. */
function fieldsOf(refusals: readonly Refusal[]): string {
  const words = refusals.flatMap(({ code, parameters }) => [code ?? '', ...(parameters?.invalidFields ?? []), ...(parameters?.requiredFields ?? [])]).filter((word) => /^(?:[A-Z]+(?:_[A-Z]+)+|name|type|content|ttl|prio|disabled)$/.test(word));
  return words.length === 0 ? '' : `: ${[...new Set(words)].join(', ')}`;
}

function refusalsOf({ text }: Pick<HttpAnswer, 'text'>): Refusal[] {
  return Refusals.safeParse(jsonOf(text)).data ?? [];
}
