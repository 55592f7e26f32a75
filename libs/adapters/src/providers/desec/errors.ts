import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { BulkRefusal } from './schema.js';

/**
 * Their status → our code. Texts are only matched, never quoted: they repeat names and data of the request.
 * desec-io/desec-stack api/desecapi (exception_handlers.py, authentication.py, permissions.py), 2026-08.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status } = answer;
  if (status === 401) return new ProviderError('rejected_credential', { detail: 'the token is not known, expired, or not used from an address of its allowed_subnets' });
  if (status === 403) return new ProviderError('missing_permission', { detail: 'a policy of the token forbids this' });
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the account has no such domain' });
  if (status === 409) return new ProviderError('zone_changed', { detail: 'somebody else wrote to the domain at the same time' });
  if (status === 413) return new ProviderError('record_invalid', { detail: 'the request is larger than they take' });
  if (status === 429) return new ProviderError('rate_limited', { detail: 'a limit of the account or the domain is used up', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? waitOf(answer.text) });
  return unexpected(answer, options);
}

/** What a refused bulk request says of each item, `null` where the item is fine; `null` as a whole where the answer says no such thing. */
export function refusalsOf(answer: HttpAnswer, count: number): (ProviderError | null)[] | null {
  if (answer.status !== 400) return null;
  const parsed = BulkRefusal.safeParse(jsonOf(answer.text));
  if (!parsed.success || parsed.data.length !== count || parsed.data.every(isFine)) return null;
  return parsed.data.map((item) => (isFine(item) ? null : refusalOf(item)));
}

function refusalOf(item: Record<string, unknown>): ProviderError {
  const about = (field: string, text: RegExp): boolean => text.test(JSON.stringify(item[field] ?? ''));
  if (about('non_field_errors', /conflicting type present/)) return new ProviderError('record_conflict', { detail: 'a CNAME and other records cannot both be at a name' });
  // Both say that the zone is no longer what the change was computed from: the set is there already, or it is gone.
  if (about('non_field_errors', /same subdomain and type exists/)) return new ProviderError('zone_changed', { detail: 'the set is there already' });
  if (about('ttl', /required/)) return new ProviderError('zone_changed', { detail: 'the set is no longer there' });
  return new ProviderError('record_invalid', { detail: `they refuse the field ${Object.keys(item).filter((field) => /^[a-z_]{1,20}$/.test(field)).join(', ') || 'of another name'}` });
}

function isFine(item: Record<string, unknown>): boolean {
  return Object.keys(item).length === 0;
}

/** "Request was throttled. Expected available in 2800 seconds." */
function waitOf(text: string): number | undefined {
  const seconds = /available in (\d{1,6}) second/.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
