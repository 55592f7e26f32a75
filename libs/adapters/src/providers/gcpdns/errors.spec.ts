import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf, isClockSkew, tokenErrorOf } from './errors.js';

const refusals = JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')) as Record<string, { error: { code: number } }> & { token: Record<string, unknown> };
const at = { write: true, now: new Date('2026-11-25T12:00:00Z') };
const answerOf = (status: number, body: unknown, headers: Record<string, string> = {}): ReturnType<typeof httpAnswer> => httpAnswer({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) });
const failing = (reason: string, message = '', details: object[] = []): object => ({ error: { code: 400, message, errors: [{ message, domain: 'global', reason }], details } });

describe('refusals of Cloud DNS', () => {
  it.each([
    ['alreadyExists', 'zone_changed'], ['conditionNotMet', 'zone_changed'], ['noSuchSet', 'zone_changed'], ['noSuchZone', 'zone_not_found'],
    ['apiOff', 'account_not_eligible'], ['forbidden', 'missing_permission'], ['badToken', 'rejected_credential'], ['badData', 'record_invalid'], ['noSuchProject', 'zone_not_found'],
  ] as const)('as documented: %s is %s', (name, code) => {
    expect(errorOf(answerOf(refusals[name]!.error.code, refusals[name]), at).code).toBe(code);
  });

  it.each([
    [403, 'inactiveBillingState', 'account_not_eligible'], [403, 'billingDisabled', 'account_not_eligible'], [403, 'quotaExceeded', 'zone_full'],
    [413, 'quotaExceeded', 'zone_full'], [403, 'rateLimitExceeded', 'rate_limited'],
    [403, 'userRateLimitExceeded', 'rate_limited'], [403, 'insufficientPermissions', 'missing_permission'], [403, 'somethingNew', 'missing_permission'], [412, 'preconditionFailed', 'zone_changed'], [409, 'somethingNew', 'zone_changed'],
    [400, 'cnameResourceRecordSetConflict', 'record_conflict'], [409, 'cnameResourceRecordSetConflict', 'record_conflict'], [400, 'invalid', 'record_invalid'], [400, 'invalidFieldValue', 'record_invalid'], [400, 'required', 'record_invalid'],
    [400, 'wildcardNotAllowed', 'unsupported'], [400, 'recordTypeDisallowedAtZoneApex', 'unsupported'], [500, 'backendError', 'outcome_unknown'], [502, 'backendError', 'outcome_unknown'], [503, 'backendError', 'provider_unavailable'],
  ])('%s %s is %s', (status, reason, code) => {
    expect(errorOf(answerOf(status, failing(reason)), at).code).toBe(code);
  });

  it('in `details` are the more exact ones', () => {
    expect(errorOf(answerOf(403, failing('forbidden', '', [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'BILLING_DISABLED' }])), at).code).toBe('account_not_eligible');
    expect(errorOf(answerOf(403, failing('forbidden', '', [{ reason: 'IAM_PERMISSION_DENIED' }])), at).code).toBe('missing_permission');
  });

  it('of a rate say when to come again, with 429 and with 403', () => {
    expect(errorOf(answerOf(429, failing('rateLimitExceeded'), { 'retry-after': '30' }), at)).toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
    expect(errorOf(answerOf(403, failing('rateLimitExceeded'), { 'retry-after': '30' }), at)).toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
  });

  it('name the record set that spoiled the change, and quote nothing else', () => {
    const error = errorOf(answerOf(400, failing('invalid', 'Invalid value for \'entity.change.additions[www.example.com.][TXT].rrdatas[0]\': \'canary\'')), at);

    expect(error.detail).toBe('Cloud DNS refuses the data of a record set: TXT at www.example.com.');
    expect(`${error.message} ${error.detail}`).not.toContain('canary');
  });

  it('of something in front of them are read by their status', () => {
    expect(errorOf(answerOf(502, '<html>Bad Gateway</html>'), { ...at, write: false }).code).toBe('provider_unavailable');
    expect(errorOf(answerOf(404, '<html>Error 404</html>'), at).code).toBe('provider_protocol');
  });
});

describe('refusals of the token endpoint', () => {
  it.each([
    ['signature', 'the private key does not belong to the service account, or was deleted'], ['noAccount', 'the service account does not exist any more'], ['clock', 'Google finds the time of the signature wrong'],
  ])('as documented: %s', (name, detail) => {
    expect(tokenErrorOf(answerOf(400, refusals.token[name]), at.now)).toMatchObject({ code: 'rejected_credential', detail });
  });

  it.each([
    [400, 'disabled_client', 'rejected_credential'], [401, 'invalid_client', 'rejected_credential'], [400, 'invalid_scope', 'rejected_credential'], [403, 'unauthorized_client', 'rejected_credential'],
    [400, 'somethingNew', 'rejected_credential'],
    [400, 'internal_failure', 'provider_unavailable'], [400, 'temporarily_unavailable', 'provider_unavailable'],
    [500, 'server_error', 'provider_unavailable'], [408, 'anything', 'provider_unavailable'], [503, 'anything', 'provider_unavailable'], [429, 'anything', 'rate_limited'],
  ])('%s %s is %s', (status, error, code) => {
    expect(tokenErrorOf(answerOf(status, { error }), at.now).code).toBe(code);
  });

  it('tell a wrong clock from a wrong key', () => {
    expect([refusals.token['clock'], refusals.token['signature']].map((body) => isClockSkew(answerOf(400, body)))).toEqual([true, false]);
  });
});
