import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected, type Meaning } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { FailedAnswer, type ErrorEntry } from './schema.js';

/**
 * Their number → our code; the text is never looked at. https://developers.cloudflare.com/fundamentals/api/troubleshooting/ and the release notes of
 * the DNS API; verified 2026-11. Since 2024-10-01 the root error stands alone where 1004 wrapped it before; both are read.
 */
const meanings: Readonly<Record<number, Meaning>> = {
  1000: ['rejected_credential', 'the API token is not known'],
  1001: ['rejected_credential', 'the API token is not one of a user'],
  6003: ['rejected_credential', 'this is not an API token: the header is malformed'],
  6103: ['rejected_credential', 'this is a malformed global API key, where an API token is needed'],
  6111: ['rejected_credential', 'this is not an API token: the header is malformed'],
  9106: ['rejected_credential', 'the API token is missing'],
  9109: ['rejected_credential', 'the API token is not known, expired, or not used from an address of its filter'],
  7000: ['zone_not_found', 'there is no such zone id'],
  7003: ['zone_not_found', 'there is no such zone id'],
  81044: ['zone_changed', 'a record that was read is no longer there'],
  81053: ['record_conflict', 'an A, AAAA or CNAME record is at the name of a CNAME'],
  81054: ['record_conflict', 'a CNAME is at the name of an address'],
  81055: ['record_conflict', 'an A record is at the name'],
  81056: ['record_conflict', 'NS records are at the name'],
  // Somebody was faster with the very record that we wanted: the next look finds it there.
  81057: ['zone_changed', 'the record is there already'],
  81058: ['zone_changed', 'the record is there already'],
  81045: ['zone_full', 'the record quota of the zone is used up'],
  1004: ['record_invalid', 'the record does not pass their validation'],
  9000: ['record_invalid', 'the name is not valid'],
  9003: ['record_invalid', 'the record cannot be proxied'],
  9041: ['record_invalid', 'the record cannot be proxied'],
  9005: ['record_invalid', 'the content of an A record is not valid'],
  9006: ['record_invalid', 'the content of an AAAA record is not valid'],
  9007: ['record_invalid', 'the content is not valid'],
  9009: ['record_invalid', 'the content of an MX record is not valid'],
  9015: ['record_invalid', 'the content is too long'],
  83011: ['record_invalid', 'the records of this name and type are too long together'],
  9021: ['record_invalid', 'the TTL is out of range'],
  9208: ['record_invalid', 'the TTL is not a number'],
  9039: ['record_invalid', 'the CNAME points to itself'],
};

export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status } = answer;
  if (status === 429) return new ProviderError('rate_limited', { detail: 'the user has spent the calls of five minutes, over all tokens and the dashboard', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? resetOf(answer.headers) });
  if (status >= 500) return unexpected(answer, options);
  const codes = codesOf(answer);
  for (const code of codes) {
    const meaning = meanings[code];
    if (meaning !== undefined) return new ProviderError(meaning[0], { detail: `${meaning[1]} (${code})` });
  }
  // 10000 means both an unknown token and a missing permission; only 401 is clear.
  if (codes.includes(10_000)) return new ProviderError(status === 401 ? 'rejected_credential' : 'missing_permission', { detail: status === 401 ? 'the API token is not known (10000)' : 'the API token may not do this (10000)' });
  // A page of the firewall in front of the API, not the API.
  if (status === 403 && codes.length === 0 && !answer.text.trimStart().startsWith('{')) return new ProviderError('provider_unavailable', { detail: 'something before the API answers 403' });
  return codes.length === 0 ? unexpected(answer, options) : withNumber(unexpected(answer, options), codes[0]!);
}

/** The numbers of an answer, root causes first. */
export function codesOf(answer: Pick<HttpAnswer, 'text'>): number[] {
  const parsed = FailedAnswer.safeParse(jsonOf(answer.text));
  return parsed.success ? parsed.data.errors.flatMap(rootsFirst) : [];
}

function rootsFirst({ code, error_chain: chain = [] }: ErrorEntry): number[] {
  return [...chain.flatMap(rootsFirst), code];
}

/** `Ratelimit: "default";r=0;t=30`: seconds until the budget is whole again. Since 2025-09. */
function resetOf(headers: Record<string, string>): number | undefined {
  const seconds = /;\s*t=(\d+)/.exec(headers['ratelimit'] ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function withNumber(error: ProviderError, code: number): ProviderError {
  return new ProviderError(error.code, { detail: `${error.detail ?? ''} (${code})`, retryAfterMs: error.retryAfterMs });
}
