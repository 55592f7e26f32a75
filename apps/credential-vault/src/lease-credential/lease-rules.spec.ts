import { describe, expect, it } from '@jest/globals';
import type { LeaseTerms } from '@connect/sealing';
import { refusalOf } from './lease-rules.js';

const write: LeaseTerms = { tenant_id: 'ten_1', application_id: 'app_1', credential_id: 'cred_1', provider: 'hetzner', purpose: 'write', zone: 'z', fence: '1', connections: ['con_1'] };

describe('the terms of a lease', () => {
  it.each<[string, Partial<LeaseTerms>]>([
    ['a write that names zone, fence and connection', {}],
    ['a plan for a connection', { purpose: 'plan', zone: null, fence: null }],
    ['the search for a zone for a connection', { purpose: 'find_zone', zone: null, fence: null }],
    ['a check for nobody', { purpose: 'check', zone: null, fence: null, connections: [] }],
  ])('allow %s', (_what, terms) => {
    expect(refusalOf({ ...write, ...terms })).toBeNull();
  });

  it.each<[string, Partial<LeaseTerms>, RegExp]>([
    ['a write without a zone', { zone: null }, /zone/],
    ['a write without a fence', { fence: '' }, /fence/],
    ['a write for nobody', { connections: [] }, /connection/],
    ['a plan for nobody', { purpose: 'plan', connections: [] }, /connection/],
    ['the search for a zone for nobody', { purpose: 'find_zone', connections: [] }, /connection/],
    ['a crowd', { connections: Array.from({ length: 5_001 }, () => 'con_1') }, /at most 5000/],
    ['an endless zone', { zone: 'z'.repeat(600) }, /too long/],
  ])('refuse %s', (_what, terms, why) => {
    expect(refusalOf({ ...write, ...terms })).toMatch(why);
  });
});
