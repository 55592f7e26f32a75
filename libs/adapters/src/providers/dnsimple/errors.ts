import { ProviderError } from '@connect/domain';
import { retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';

/** The fields that a record has to them, and `base` for the whole. */
const fields = ['name', 'record_type', 'type', 'content', 'ttl', 'priority', 'regions', 'base'];

/**
 * Their status and text → our code; there is no code in the body. Texts are only matched, never quoted.
 * https://developer.dnsimple.com/v2/#response-codes and the vendor's fixtures, verified 2026-11.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status, text } = answer;
  if (status === 401) return new ProviderError('rejected_credential', { detail: 'DNSimple does not accept the token' });
  if (status === 402) return new ProviderError('account_not_eligible', { detail: 'the account at DNSimple is suspended or not paid' });
  if (status === 403) return new ProviderError('missing_permission', { detail: `the token lacks ${scopeOf(text)}` });
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the account has no such zone, or the token does not show it' });
  if (status === 412) return new ProviderError('account_not_eligible', { detail: 'the plan of the account at DNSimple does not include this' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'the account has used up the calls of this hour', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? resetOf(answer.headers, options.now) });
  if (status === 400) return ofRecord(text);
  return unexpected(answer, options);
}

/** Is this the answer to a create of what is there already? Its wording was seen with and without "A". */
export function isDuplicate({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): boolean {
  return status === 400 && /matching record already exists/i.test(text);
}

function ofRecord(text: string): ProviderError {
  if (/cannot add a CNAME|A CNAME record exists/i.test(text)) return new ProviderError('record_conflict', { detail: 'a CNAME and other records cannot be at one name' });
  if (/matching record already exists/i.test(text)) return new ProviderError('zone_changed', { detail: 'somebody else has made the same record' });
  // The plans Solo and Teams have 100 records a zone; the wording of the refusal is documented nowhere.
  if (/(limit|quota|maximum)[^"]{0,40}(reached|exceeded)|too many records/i.test(text)) return new ProviderError('zone_full', { detail: 'the plan of the account has no more records for this zone' });
  const named = fields.filter((field) => new RegExp(`"${field}"\\s*:\\s*\\[`).test(text));
  return new ProviderError('record_invalid', { detail: named.length === 0 ? 'the answer has status 400' : `DNSimple refuses it for its ${named.join(', ')}` });
}

/** `Permission Denied. Required Scope: zones:example.com:write`: resource, name and level, of which we repeat only words that we know. */
function scopeOf(text: string): string {
  const [, resource, level] = /Required Scope: (zones|domains|account)(?::[^:\s"]*)?:(read|write)/i.exec(text) ?? [];
  return resource === undefined ? 'a right' : `the right "${resource}, ${level}"`;
}

/** `X-RateLimit-Reset`: the Unix time, in seconds, at which the hour of the account begins anew. */
function resetOf(headers: Record<string, string>, now: Date): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000 - now.getTime(), 0), 3_600_000) : undefined;
}
