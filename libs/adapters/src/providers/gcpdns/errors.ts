import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected, type Meaning } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { FailedAnswer, FailedToken } from './schema.js';

const apiOff: Meaning = ['account_not_eligible', 'the Cloud DNS API is not enabled in the project: enable dns.googleapis.com under APIs & Services, and wait some minutes'];
const noBilling: Meaning = ['account_not_eligible', 'the project has no active billing, so Cloud DNS takes no changes'];
const rate: Meaning = ['rate_limited', 'the project has used up its calls for the minute'];
const moved: Meaning = ['zone_changed', 'a record set is not what the change was computed from'];
const badData: Meaning = ['record_invalid', 'Cloud DNS refuses the data of a record set'];

/**
 * Their reason → ours; the text only says which record set was meant. https://cloud.google.com/dns/docs/error-messages (2026-04-08), verified 2026-11. Names
 * in capitals are those of `details` (google.rpc.ErrorInfo).
 */
const meanings: Readonly<Record<string, Meaning>> = {
  authError: ['rejected_credential', 'Google does not accept the access token of the service account'],
  forbidden: ['missing_permission', 'the roles of the service account do not allow this, or the zone is not in the project'],
  insufficientPermissions: ['missing_permission', 'the roles of the service account do not allow this'],
  accessNotConfigured: apiOff,
  SERVICE_DISABLED: apiOff,
  inactiveBillingState: noBilling,
  billingDisabled: noBilling,
  BILLING_DISABLED: noBilling,
  quotaExceeded: ['zone_full', 'a quota of the project is reached (record sets of a zone, records of a set, or the size of one change)'],
  rateLimitExceeded: rate,
  userRateLimitExceeded: rate,
  dailyLimitExceeded: rate,
  RATE_LIMIT_EXCEEDED: rate,
  notFound: ['zone_not_found', 'the project has no such zone'],
  // Seen in 2026-08 (rmbolger/Posh-ACME 688).
  RESOURCE_PROJECT_INVALID: ['zone_not_found', 'there is no project of this id, or it never had Cloud DNS'],
  alreadyExists: moved,
  conditionNotMet: moved,
  preconditionFailed: moved,
  cnameResourceRecordSetConflict: ['record_conflict', 'a CNAME and other record sets cannot be at one name'],
  recordTypeDisallowedAtZoneApex: ['unsupported', 'this type cannot be at the apex'],
  invalidZoneApex: ['unsupported', 'SOA and NS of the apex cannot be removed'],
  wildcardNotAllowed: ['unsupported', 'this type cannot be at a wildcard'],
  invalid: badData,
  invalidValue: badData,
  invalidFieldValue: badData,
  invalidRecordCount: badData,
  required: badData,
};

/** Their status and body → our code. */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const parsed = FailedAnswer.safeParse(jsonOf(answer.text));
  if (!parsed.success || answer.status >= 500) return unexpected(answer, options);
  const { message, errors, details } = parsed.data.error;
  // The reason in `details` is the more exact one where both are there: `forbidden` beside SERVICE_DISABLED.
  const reason = [...details, ...errors].map((each) => each.reason).find((each) => each !== undefined && meanings[each] !== undefined);
  if (answer.status === 429) return new ProviderError('rate_limited', { detail: rate[1], retryAfterMs: retryAfterOf(answer.headers, options.now) });
  if (reason === undefined) return unexpected(answer, options);
  const [code, detail] = reason === 'notFound' && /entity\.change\.deletions/.test(message) ? moved : meanings[reason]!;
  const where = setNamedIn(message);
  return new ProviderError(code, { detail: where === null ? detail : `${detail}: ${where}`, retryAfterMs: retryAfterOf(answer.headers, options.now) });
}

/** The record set in a text such as `entity.change.additions[www.example.com.][A]`; older texts have only its place in the list. */
function setNamedIn(message: string): string | null {
  const found = /entity\.change\.(?:additions|deletions)\[([a-z0-9_*.-]{1,254})\]\[([A-Z0-9]{1,10})\]/i.exec(message);
  return found === null ? null : `${found[2]} at ${found[1]}`;
}

const passing: readonly string[] = ['internal_failure', 'server_error', 'temporarily_unavailable'];

/** The clock of this machine is wrong, not the key: Google says so in the text only. */
export function isClockSkew(answer: HttpAnswer): boolean {
  const parsed = FailedToken.safeParse(jsonOf(answer.text));
  return answer.status === 400 && parsed.success && parsed.data.error === 'invalid_grant' && /short-lived token|reasonable timeframe/i.test(parsed.data.error_description ?? '');
}

/** What the token endpoint says (RFC 6749 5.2, and texts as seen by peers). Texts are matched, never quoted. */
export function tokenErrorOf(answer: HttpAnswer, now: Date): ProviderError {
  const parsed = FailedToken.safeParse(jsonOf(answer.text));
  const { error = '', error_description: text = '' } = parsed.success ? parsed.data : {};
  if (answer.status === 408 || passing.includes(error)) return new ProviderError('provider_unavailable', { detail: 'Google gives out no access tokens at the moment', retryAfterMs: retryAfterOf(answer.headers, now) });
  if (answer.status === 429 || answer.status >= 500) return unexpected(answer, { write: false, now });
  const rejected = (detail: string): ProviderError => new ProviderError('rejected_credential', { detail });
  if (error === 'invalid_grant' && /signature/i.test(text)) return rejected('the private key does not belong to the service account, or was deleted');
  if (error === 'invalid_grant' && /account not found/i.test(text)) return rejected('the service account does not exist any more');
  if (isClockSkew(answer)) return rejected('Google finds the time of the signature wrong');
  if (error === 'disabled_client') return rejected('the service account is disabled');
  if (error === 'invalid_scope' || error === 'unauthorized_client' || error === 'invalid_client' || error === 'invalid_grant') return rejected('Google gives the service account no access token');
  return answer.status === 400 ? rejected('Google refuses the key of the service account') : unexpected(answer, { write: false, now });
}
