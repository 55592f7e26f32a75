import { describe, expect, it } from '@jest/globals';
import { errorOf } from './errors.js';

describe('answers of DNS servers', () => {
  // Observed on BIND 9.18, Knot 3.2 and PowerDNS 4.7 in November 2026; NXDOMAIN, BADTRUNC, BADVERS and RCODE23 follow RFC 2136, 8945 and 6895.
  it.each([
    ['NOERROR', null, true, true, null],
    ['NOERROR', null, false, true, 'outcome_unknown'],
    ['NOTAUTH', 'BADSIG', false, false, 'rejected_credential'],
    ['NOTAUTH', 'BADKEY', false, false, 'rejected_credential'],
    ['NOTAUTH', 'BADKEY', false, true, 'missing_permission'],
    ['NOTAUTH', 'BADTRUNC', false, true, 'rejected_credential'],
    ['NOTAUTH', 'BADTIME', true, false, 'provider_unavailable'],
    ['REFUSED', null, true, false, 'missing_permission'],
    ['REFUSED', null, false, false, 'rejected_credential'],
    ['REFUSED', null, false, true, 'missing_permission'],
    ['NOTAUTH', null, true, true, 'zone_not_writable'],
    ['NOTIMP', null, true, true, 'zone_not_writable'],
    ['NXRRSET', null, true, true, 'zone_changed'],
    ['YXRRSET', null, true, true, 'zone_changed'],
    ['NXDOMAIN', null, true, true, 'zone_changed'],
    ['YXDOMAIN', null, true, true, 'zone_changed'],
    ['SERVFAIL', null, true, true, 'provider_unavailable'],
    ['FORMERR', null, false, true, 'record_invalid'],
    ['NOTZONE', null, true, true, 'record_invalid'],
    ['BADVERS', null, false, true, 'provider_protocol'],
    ['RCODE23', null, true, true, 'provider_protocol'],
  ] as const)('%s, %s, signed: %s, key seen to be good: %s mean %s', (rcode, tsigError, signed, keyIsKnownGood, code) => {
    expect(errorOf({ rcode, tsigError, signed, serverTime: null }, { keyIsKnownGood })?.code ?? null).toBe(code);
  });
});
