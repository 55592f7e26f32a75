import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { httpAnswer } from '../../conformance/index.js';
import { errorOf, isClockSkew } from './errors.js';

const fixture = (name: string): string => readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url), 'utf8');
const body = (code: string, message = ''): string => `<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
const codeOf = (status: number, text: string): string => errorOf(httpAnswer({ status, text }), { write: true, now: new Date(0) }).code;

describe('codes of Route 53', () => {
  it.each([
    [403, 'InvalidClientTokenId', 'rejected_credential'], [403, 'SignatureDoesNotMatch', 'rejected_credential'], [403, 'IncompleteSignature', 'rejected_credential'],
    [403, 'MissingAuthenticationToken', 'rejected_credential'], [403, 'ExpiredToken', 'rejected_credential'], [403, 'ExpiredTokenException', 'rejected_credential'],
    [403, 'AccessDenied', 'missing_permission'], [401, 'NotAuthorizedException', 'missing_permission'], [404, 'NoSuchHostedZone', 'zone_not_found'],
    [400, 'InvalidInput', 'record_invalid'], [400, 'MalformedInput', 'record_invalid'], [400, 'PriorRequestNotComplete', 'rate_limited'], [400, 'Throttling', 'rate_limited'],
    [400, 'ThrottlingException', 'rate_limited'], [400, 'ConcurrentModification', 'zone_changed'], [503, 'ServiceUnavailable', 'provider_unavailable'],
    [500, 'InternalFailure', 'outcome_unknown'], [400, 'SomethingNew', 'record_invalid'],
  ])('%s %s is %s', (status, code, ours) => {
    expect(codeOf(status, body(code))).toBe(ours);
  });

  it('says when to come again after PriorRequestNotComplete', () => {
    expect(errorOf(httpAnswer({ status: 400, text: body('PriorRequestNotComplete') }), { write: true, now: new Date(0) }).retryAfterMs).toBe(1_000);
  });
});

describe('refused batches', () => {
  it.each([
    ['Tried to delete resource record set [name=\'a.\', type=\'A\'] but it was not found', 'zone_changed'],
    ['Tried to delete resource record set [name=\'a.\', type=\'A\'] but the values provided do not match the current values', 'zone_changed'],
    ['Tried to create resource record set [name=\'a.\', type=\'A\'] but it already exists', 'zone_changed'],
    ['RRSet with DNS name a.example. is not permitted in zone example.com.', 'record_invalid'],
    ['RRSet of type CNAME with DNS name a.example. is not permitted as it conflicts with other records with the same DNS name in zone example.', 'record_conflict'],
    ['RRSet of type A with DNS name a.example. is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone example.', 'record_conflict'],
    ['RRSet of type CNAME with DNS name example. is not permitted at apex in zone example.', 'unsupported'],
    ['Invalid Resource Record: FATAL problem: CharacterStringTooLong (Value is too long) encountered with x', 'record_invalid'],
    ['Number of records limit of 10000 exceeded.', 'zone_full'],
    ['Number of records limit of 1000 exceeded.', 'record_invalid'],
  ])('%s', (message, ours) => {
    expect(codeOf(400, body('InvalidChangeBatch', `[${message}]`))).toBe(ours);
  });

  it('are understood in both of their shapes', () => {
    expect(codeOf(400, fixture('invalid-change-batch.xml'))).toBe('zone_changed');
    expect(codeOf(400, fixture('invalid-change-batch-old.xml'))).toBe('zone_changed');
  });

  it('are not quoted: they repeat what was sent', () => {
    const error = errorOf(httpAnswer({ status: 400, text: body('InvalidChangeBatch', '[Invalid Resource Record: canary]') }), { write: true, now: new Date(0) });

    expect(`${error.message} ${error.detail}`).not.toContain('canary');
  });
});

it('knows a wrong clock from a wrong key', () => {
  const skew = (code: string, message: string): boolean => isClockSkew(httpAnswer({ status: 403, text: body(code, message) }));

  expect(skew('SignatureDoesNotMatch', 'Signature expired: 20261123T050000Z is now earlier than 20261123T060000Z')).toBe(true);
  expect(skew('SignatureDoesNotMatch', 'Signature not yet current: 20261123T070000Z is still later than 20261123T060000Z')).toBe(true);
  expect(skew('SignatureDoesNotMatch', 'The request signature we calculated does not match')).toBe(false);
  expect(skew('AccessDenied', 'Signature expired')).toBe(false);
});
