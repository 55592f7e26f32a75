import { ProviderError } from '@connect/domain';
import { jsonOf, retryAfterOf, unexpected, type Meaning } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { FailedAnswer, FailedToken } from './schema.js';

const token: Meaning = ['rejected_credential', 'Azure does not accept the access token of the application'];
const denied: Meaning = ['missing_permission', 'the roles of the application do not allow this on the zone; a new role assignment takes some minutes'];
const unregistered: Meaning = ['account_not_eligible', 'the subscription has not registered the resource provider Microsoft.Network: register it under Subscriptions, Resource providers'];
const disabled: Meaning = ['account_not_eligible', 'the subscription is disabled and takes no changes'];
const locked: Meaning = ['zone_not_writable', 'a resource lock on the zone, the resource group or the subscription forbids this'];
const policy: Meaning = ['zone_not_writable', 'an Azure policy of the subscription forbids this'];
const noZone: Meaning = ['zone_not_found', 'the resource group has no such zone'];
const rate: Meaning = ['rate_limited', 'the calls of the minute are used up'];
const moved: Meaning = ['zone_changed', 'the record set is not what the change was computed from'];
const cname: Meaning = ['record_conflict', 'a CNAME and other record sets cannot be at one name'];
const full: Meaning = ['zone_full', 'the zone has as many record sets as its limit allows'];

/**
 * Their code → ours, whatever the status. https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors and the DNS resource provider's own
 * codes as peers saw them (README), verified 2026-11.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  InvalidAuthenticationToken: token,
  ExpiredAuthenticationToken: token,
  AuthenticationFailed: token,
  InvalidAuthenticationTokenTenant: ['rejected_credential', 'the subscription belongs to another directory than tenant_id'],
  AuthorizationFailed: denied,
  LinkedAuthorizationFailed: denied,
  RequestDisallowedByPolicy: policy,
  SubscriptionNotRegistered: unregistered,
  MissingSubscriptionRegistration: unregistered,
  ReadOnlyDisabledSubscription: disabled,
  DisabledSubscription: disabled,
  SubscriptionNotFound: ['zone_not_found', 'there is no subscription of this subscription_id, or the application has no role in it'],
  InvalidSubscriptionId: ['zone_not_found', 'there is no subscription of this subscription_id'],
  ResourceGroupNotFound: ['zone_not_found', 'the subscription has no resource group of this name (resource_group)'],
  ResourceNotFound: noZone,
  ParentResourceNotFound: noZone,
  ScopeLocked: locked,
  PreconditionFailed: moved,
  CannotCreateRecordDueToCNameNamingRestriction: cname,
  TooManyRequests: rate,
  ResourceRequestsThrottled: rate,
  SubscriptionRequestsThrottled: rate,
  QuotaExceeded: full,
};

/** `write`: may it have been carried out? `of`: a 404 without more is about the zone, or about the set that somebody removed meanwhile. */
export type CallKind = { write: boolean; of: 'zone' | 'set'; now: Date };

/** Their status and body → our code. */
export function errorOf(answer: HttpAnswer, { write, of, now }: CallKind): ProviderError {
  const parsed = FailedAnswer.safeParse(jsonOf(answer.text));
  if (!parsed.success || answer.status >= 500) return unexpected(answer, { write, now });
  const meaning = answer.status === 429 ? rate : meaningOf(answer.status, parsed.data, of);
  if (meaning === null) return unexpected(answer, { write, now });
  return new ProviderError(meaning[0], { detail: meaning[1], retryAfterMs: retryAfterOf(answer.headers, now) });
}

/** Texts are matched, never quoted: they may hold what we sent. */
function meaningOf(status: number, { code, message }: { code: string; message: string }, of: CallKind['of']): Meaning | null {
  const known = meanings[code];
  if (known !== undefined) return known;
  if (status === 404 && code === 'NotFound') return of === 'set' ? moved : noZone;
  // "The CNAME record could not be created because another record with the same name already exists in this zone." (2020-08), and the other way round (2021-12).
  if ((status === 409 || status === 400) && /\bCNAME\b/i.test(message) && /same name|already exists|another record/i.test(message)) return cname;
  if ((status === 409 || status === 400) && /\b(maximum|limit|quota)\b/i.test(message) && /record ?sets/i.test(message) && /\bzone\b/i.test(message)) return full;
  if (status === 400) return ['record_invalid', 'Azure DNS refuses the data of the record set'];
  return null;
}

const passing: readonly number[] = [90_033, 90_024, 90_006, 90_020];

/** The codes of https://learn.microsoft.com/entra/identity-platform/reference-error-codes that this flow meets, verified 2026-11. */
const tokenMeanings: Readonly<Record<number, Meaning>> = {
  7_000_215: ['rejected_credential', 'the client secret is not right: client_secret is the Value of the secret and not its Secret ID'],
  7_000_218: ['rejected_credential', 'the client secret is missing'],
  7_000_222: ['rejected_credential', 'the client secret has expired: make a new one under Certificates & secrets'],
  7_000_112: ['rejected_credential', 'the application is disabled in the directory'],
  7_000_229: ['rejected_credential', 'the application has no service principal in the directory of tenant_id'],
  700_016: ['rejected_credential', 'the directory of tenant_id has no application with this client_id'],
  90_002: ['rejected_credential', 'there is no directory of this tenant_id in this cloud ("cloud")'],
  900_023: ['rejected_credential', 'there is no directory of this tenant_id in this cloud ("cloud")'],
  900_382: ['rejected_credential', 'the directory is in another cloud: set "cloud"'],
  900_439: ['rejected_credential', 'the directory is in another cloud: set "cloud"'],
  500_011: ['rejected_credential', 'the directory knows no Azure Resource Manager of this cloud: set "cloud"'],
  53_003: ['address_not_allowed', 'conditional access keeps the application out, as a rule by place: allow our addresses or leave the application out of that policy'],
};

/** What the token endpoint says (RFC 6749 5.2, and numbers of their own). */
export function tokenErrorOf(answer: HttpAnswer, now: Date): ProviderError {
  const parsed = FailedToken.safeParse(jsonOf(answer.text));
  const { error = '', error_codes: codes = [] } = parsed.success ? parsed.data : {};
  if (error === 'temporarily_unavailable' || error === 'server_error' || codes.some((code) => passing.includes(code))) {
    return new ProviderError('provider_unavailable', { detail: 'the directory gives out no access tokens at the moment', retryAfterMs: retryAfterOf(answer.headers, now) });
  }
  if (answer.status === 429 || answer.status >= 500) return unexpected(answer, { write: false, now });
  const known = codes.map((code) => tokenMeanings[code]).find((meaning) => meaning !== undefined);
  if (known !== undefined) return new ProviderError(known[0], { detail: known[1] });
  if (answer.status === 400 || answer.status === 401) return new ProviderError('rejected_credential', { detail: 'the directory gives the application no access token' });
  return unexpected(answer, { write: false, now });
}
