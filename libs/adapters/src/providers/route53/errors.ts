import { ProviderError, type ProviderErrorCode } from '@connect/domain';
import { contentOf, parseXml, unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';
import { ErrorResponse, OldInvalidChangeBatch } from './schema.js';

export type Refusal = { code: string; messages: string };

/** Their own code and text; `null` where something else answered (a proxy, a load balancer). Texts are only matched, never quoted: they repeat the request. */
export function refusalOf({ text }: Pick<HttpAnswer, 'text'>): Refusal | null {
  try {
    const document = parseXml(text);
    const [root, content] = [document.name, contentOf(document)];
    if (root === 'InvalidChangeBatch') {
      const old = OldInvalidChangeBatch.safeParse(content);
      return old.success ? { code: root, messages: old.data.Messages.join(', ') } : null;
    }
    const standard = root === 'ErrorResponse' ? ErrorResponse.safeParse(content) : null;
    return standard?.success === true ? { code: standard.data.Error.Code, messages: standard.data.Error.Message ?? '' } : null;
  } catch (error) {
    if (error instanceof ProviderError) return null;
    throw error;
  }
}

const byCode: Readonly<Record<string, [ProviderErrorCode, string]>> = {
  InvalidClientTokenId: ['rejected_credential', 'AWS does not know the access key id, or it is deactivated'],
  UnrecognizedClientException: ['rejected_credential', 'AWS does not know the access key id'],
  SignatureDoesNotMatch: ['rejected_credential', 'the secret access key does not belong to the access key id'],
  IncompleteSignature: ['rejected_credential', 'AWS cannot read the signature'],
  MissingAuthenticationToken: ['rejected_credential', 'AWS saw no signature'],
  ExpiredToken: ['rejected_credential', 'the access key was temporary and is over'],
  ExpiredTokenException: ['rejected_credential', 'the access key was temporary and is over'],
  OptInRequired: ['account_not_eligible', 'the AWS account is not signed up for Route 53'],
  AccessDenied: ['missing_permission', 'the policy of the access key does not allow this action on this hosted zone'],
  AccessDeniedException: ['missing_permission', 'the policy of the access key does not allow this action on this hosted zone'],
  NotAuthorizedException: ['missing_permission', 'the access key may not do this'],
  NoSuchHostedZone: ['zone_not_found', 'the account has no hosted zone with this id'],
  Throttling: ['rate_limited', 'the account has used up its calls'],
  ThrottlingException: ['rate_limited', 'the account has used up its calls'],
  ConcurrentModification: ['zone_changed', 'somebody else is changing the same record set'],
  InvalidInput: ['record_invalid', 'Route 53 says that the request is not valid'],
  MalformedInput: ['record_invalid', 'Route 53 cannot read the request'],
  ServiceUnavailable: ['provider_unavailable', 'Route 53 is not available'],
};

/**
 * Refusals of a batch, by their text; the first row that fits wins. A set that moved comes first: everything else is looked at again
 * with the next plan. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html, texts as seen by peers, 2026-11.
 */
const ofBatch: readonly [RegExp, ProviderErrorCode, string][] = [
  [/but it was not found|values provided do not match the current values|but it already exists/i, 'zone_changed', 'a record set is not what the change was computed from'],
  [/records? limit of \d{5,} exceeded|maximum number of resource record sets/i, 'zone_full', 'the hosted zone has no room for more record sets'],
  [/conflicts with other records|conflicting RRSet/i, 'record_conflict', 'another record set at the name is in the way'],
  [/not permitted at apex/i, 'unsupported', 'a CNAME cannot be at the apex'],
  [/is not permitted in zone/i, 'record_invalid', 'a name is not in the hosted zone'],
  [/CharacterStringTooLong/, 'record_invalid', 'a value is too long'],
];

/** Their status and body → our code. */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const refusal = refusalOf(answer);
  if (refusal === null || (answer.status >= 500 && byCode[refusal.code] === undefined)) return unexpected(answer, options);
  // Another change of the zone is being processed; nothing was written. Back-off as in the retry table of botocore.
  if (refusal.code === 'PriorRequestNotComplete') return new ProviderError('rate_limited', { detail: 'another change of the hosted zone is still being processed', retryAfterMs: 1_000 });
  if (refusal.code === 'InvalidChangeBatch') {
    const [, code, detail] = ofBatch.find(([text]) => text.test(refusal.messages)) ?? [null, 'record_invalid' as const, 'Route 53 refuses the data of a record'];
    return new ProviderError(code, { detail });
  }
  const known = byCode[refusal.code];
  return known === undefined ? unexpected(answer, options) : new ProviderError(known[0], { detail: known[1] });
}

/** The clock of this machine is wrong, not the key: AWS says so in the text only. */
export function isClockSkew(answer: HttpAnswer): boolean {
  const refusal = answer.status === 403 || answer.status === 400 ? refusalOf(answer) : null;
  if (refusal === null) return false;
  return ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'].includes(refusal.code) || (refusal.code === 'SignatureDoesNotMatch' && /Signature (expired|not yet current)/i.test(refusal.messages));
}
