import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { scopes, type GodaddyCredential } from './credential.js';
import { Refusal } from './schema.js';

/** Where nothing says when: the window of the limit, and an hour where it is a month. */
const defaultWaitMs = { minute: 60_000, month: 3_600_000 };
/** A domain that is being edited is back "in a few seconds". */
const editWaitMs = 10_000;
const gate = 'GoDaddy opens its API by the tier of the account: verify the eligibility of yours, or connect by Domain Connect, which GoDaddy supports';

/**
 * Their status and code → our code, for both versions. Texts are matched and never quoted: they repeat names and data of the request.
 * developer.godaddy.com, godaddy/cli `rust/domains-client/openapi` and the threads named in the README; verified 2026-11.
 */
export function errorOf(answer: HttpAnswer, options: { kind: GodaddyCredential['kind']; write: boolean; now: Date }): ProviderError {
  const { status } = answer;
  const refusal = refusalOf(answer);
  const says = [refusal.code, refusal.name, refusal.message, ...(refusal.fields ?? []).map(({ code }) => code), ...(refusal.details ?? []).map(({ issue }) => issue)].join(' ');
  // A missing scope was seen answered with 401 as well (2026-09), and a token that writes has just read.
  if (status === 403 || (status === 401 && options.kind === 'token' && options.write)) return denied(says, options);
  if (status === 401) return rejected(options.kind);
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the account has no zone of this domain' });
  if (status === 429) return limited(answer, refusal, says, options.now);
  if (isDuplicate(says)) return new ProviderError('zone_changed', { detail: 'the record is there already' });
  if (status === 409 && /not_mutable/i.test(says)) return new ProviderError('unsupported', { detail: 'GoDaddy manages the record itself' });
  // v1, while somebody edits the domain; nothing of it was done.
  if (status === 409) return new ProviderError('provider_unavailable', { detail: 'the domain is being edited elsewhere', retryAfterMs: retryAfterOf(answer.headers, options.now) ?? editWaitMs });
  if ((status === 400 || status === 422) && /\bcname\b|conflict/i.test(says)) return new ProviderError('record_conflict', { detail: 'a CNAME and other records cannot be at one name' });
  if (status === 400 || status === 422) return new ProviderError('record_invalid', { detail: `GoDaddy refuses the record${codeOf(refusal)}` });
  return unexpected(answer, options);
}

function rejected(kind: GodaddyCredential['kind']): ProviderError {
  return new ProviderError('rejected_credential', {
    detail: kind === 'key' ? 'GoDaddy does not accept the key and secret: it needs a key of the environment Production, and keys are announced to end after 2026'
      : `GoDaddy does not accept the token: it is unknown, revoked, ended or one of OTE, or has not the scope ${scopes.read}`,
  });
}

/**
 * A key has no scopes, so a refusal is about the account. A token that has just read and may not write lacks the scope for it; one that may not even
 * read lacks the account's eligibility where they use the text of the gate, and otherwise the scope, and neither is sure.
 */
function denied(says: string, { kind, write }: { kind: GodaddyCredential['kind']; write: boolean }): ProviderError {
  if (kind === 'key') return new ProviderError('account_not_eligible', { detail: gate });
  if (write) return new ProviderError('missing_permission', { detail: `the token may read and not write: it needs the scope ${scopes.write}. If it has that: ${gate}` });
  const isScope = /scope/i.test(says) || !/ACCESS_DENIED|not allowed access/i.test(says);
  if (isScope) return new ProviderError('missing_permission', { detail: `the token needs the scope ${scopes.read}. If it has that: ${gate}` });
  return new ProviderError('account_not_eligible', { detail: `${gate}. A token without the scope ${scopes.read} may be answered alike` });
}

function limited(answer: HttpAnswer, { retryAfterSec }: Refusal, says: string, now: Date): ProviderError {
  const window = /QUOTA_EXCEEDED/i.test(says) ? 'month' : 'minute';
  const retryAfterMs = retryAfterOf(answer.headers, now) ?? secondsOf(retryAfterSec) ?? secondsOf(Number(answer.headers['ratelimit-reset'] ?? Number.NaN)) ?? defaultWaitMs[window];
  return new ProviderError('rate_limited', { detail: `the calls of the ${window} are used up`, retryAfterMs });
}

function secondsOf(seconds: number | null | undefined): number | undefined {
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, 86_400_000) : undefined;
}

function isDuplicate(says: string): boolean {
  return /DUPLICATE_RECORD|same attributes already exists/i.test(says);
}

/** Codes are fixed words of theirs, and only such words are shown. */
function codeOf({ code, name, fields, details }: Refusal): string {
  const words = [code ?? name, ...(fields ?? []).map((each) => each.code), ...(details ?? []).map(({ issue }) => issue)].filter((word) => /^[A-Za-z_]{3,60}$/.test(word ?? ''));
  return words.length === 0 ? '' : `: ${[...new Set(words)].join(', ')}`;
}

function refusalOf({ text }: Pick<HttpAnswer, 'text'>): Refusal {
  return Refusal.safeParse(jsonOf(text)).data ?? {};
}
