import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf, tokenErrorOf, type CallKind } from './errors.js';

type Refused = { status: number; body: unknown };
const refusals = JSON.parse(readFileSync(new URL('./__fixtures__/refusals.json', import.meta.url), 'utf8')) as Record<string, Refused> & { token: Record<string, unknown> };
const at: CallKind = { write: true, of: 'set', now: new Date('2026-11-25T12:00:00Z') };
const answerOf = (status: number, body: unknown, headers: Record<string, string> = {}): ReturnType<typeof httpAnswer> => httpAnswer({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) });

describe('refusals of the resource manager and of Azure DNS', () => {
  it.each([
    ['cnameAfterOthers', 'record_conflict'], ['othersAfterCname', 'record_conflict'], ['badName', 'record_invalid'], ['duplicate', 'record_invalid'], ['moved', 'zone_changed'], ['noSet', 'zone_changed'],
    ['noZone', 'zone_not_found'], ['noGroup', 'zone_not_found'], ['denied', 'missing_permission'], ['otherTenant', 'rejected_credential'], ['locked', 'zone_not_writable'], ['throttled', 'rate_limited'],
  ] as const)('as documented or seen: %s is %s', (name, code) => {
    expect(errorOf(answerOf(refusals[name]!.status, refusals[name]!.body), at).code).toBe(code);
  });

  it.each([
    [401, 'InvalidAuthenticationToken', 'rejected_credential'], [401, 'ExpiredAuthenticationToken', 'rejected_credential'], [401, 'SomethingNew', 'rejected_credential'], [403, 'SomethingNew', 'missing_permission'],
    [403, 'RequestDisallowedByPolicy', 'zone_not_writable'], [403, 'SubscriptionNotRegistered', 'account_not_eligible'], [409, 'MissingSubscriptionRegistration', 'account_not_eligible'],
    [409, 'ReadOnlyDisabledSubscription', 'account_not_eligible'], [403, 'ReadOnlyDisabledSubscription', 'account_not_eligible'], [404, 'SubscriptionNotFound', 'zone_not_found'], [404, 'ParentResourceNotFound', 'zone_not_found'],
    [409, 'CannotCreateRecordDueToCNameNamingRestriction', 'record_conflict'], [409, 'Conflict', 'zone_changed'], [412, 'SomethingNew', 'zone_changed'], [400, 'SomethingNew', 'record_invalid'], [400, 'InvalidParameter', 'record_invalid'],
    [500, 'InternalServerError', 'outcome_unknown'], [502, 'BadGateway', 'outcome_unknown'], [504, 'GatewayTimeout', 'outcome_unknown'], [503, 'ServiceUnavailable', 'provider_unavailable'], [418, 'SomethingNew', 'provider_protocol'],
  ])('%s %s is %s, wrapped or bare', (status, code, ours) => {
    expect([{ error: { code, message: 'x' } }, { code, message: 'x' }].map((body) => errorOf(answerOf(status, body), at).code)).toEqual([ours, ours]);
  });

  it('tell the zone from the set where a 404 says no more', () => {
    expect((['zone', 'set'] as const).map((of) => errorOf(answerOf(404, { code: 'NotFound', message: 'x' }), { ...at, of }).code)).toEqual(['zone_not_found', 'zone_changed']);
  });

  it('tell a full zone from bad data', () => {
    expect(errorOf(answerOf(400, { code: 'BadRequest', message: 'The maximum number of record sets in the zone is reached.' }), at).code).toBe('zone_full');
  });

  it('say when to come again', () => {
    expect(errorOf(answerOf(429, refusals['throttled']!.body, { 'retry-after': '17' }), at)).toMatchObject({ code: 'rate_limited', retryAfterMs: 17_000 });
  });

  it('are not quoted', () => {
    const error = errorOf(answerOf(400, { code: 'canary-code', message: 'The value \'canary\' is invalid.' }), at);

    expect(`${error.message} ${error.detail}`).not.toContain('canary');
  });

  it('of something in front of them are read by their status', () => {
    expect(errorOf(answerOf(502, '<html>Bad Gateway</html>'), { ...at, write: false }).code).toBe('provider_unavailable');
    expect(errorOf(answerOf(404, '<html>Not Found</html>'), at).code).toBe('provider_protocol');
  });
});

describe('refusals of the token endpoint', () => {
  const failing = (code: number, error = 'invalid_client'): object => ({ error, error_description: `AADSTS${code}: canary`, error_codes: [code] });

  it('as documented', () => {
    expect(tokenErrorOf(answerOf(401, refusals.token['wrongSecret']), at.now)).toMatchObject({ code: 'rejected_credential', detail: expect.stringContaining('not its Secret ID') });
    expect(tokenErrorOf(answerOf(400, refusals.token['noTenant']), at.now)).toMatchObject({ code: 'rejected_credential', detail: expect.stringContaining('tenant_id') });
  });

  it.each([
    [401, 7_000_222, 'rejected_credential', 'expired'], [400, 700_016, 'rejected_credential', 'client_id'], [401, 7_000_112, 'rejected_credential', 'disabled'], [401, 7_000_218, 'rejected_credential', 'missing'],
    [400, 500_011, 'rejected_credential', 'cloud'], [400, 900_382, 'rejected_credential', 'cloud'], [400, 53_003, 'address_not_allowed', 'conditional access'], [400, 90_033, 'provider_unavailable', 'at the moment'],
    [400, 1, 'rejected_credential', 'no access token'], [503, 90_024, 'provider_unavailable', 'at the moment'],
  ] as const)('%s with AADSTS%s is %s (%s)', (status, number, code, says) => {
    const error = tokenErrorOf(answerOf(status, failing(number)), at.now);

    expect(error).toMatchObject({ code, detail: expect.stringContaining(says) });
    expect(`${error.message} ${error.detail}`).not.toContain('canary');
  });

  it('of another kind are read by their status', () => {
    expect([[429, '{}'], [500, '{}'], [502, '<html>'], [302, '']].map(([status, body]) => tokenErrorOf(answerOf(Number(status), body), at.now).code)).toEqual(['rate_limited', 'provider_unavailable', 'provider_unavailable', 'provider_protocol']);
    expect(tokenErrorOf(answerOf(400, { error: 'temporarily_unavailable' }), at.now).code).toBe('provider_unavailable');
  });
});
