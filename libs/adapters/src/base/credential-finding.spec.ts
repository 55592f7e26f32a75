import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ProviderError, ownerName, type RecordSet } from '@connect/domain';
import { allowed, credentialFinding } from './credential-finding.js';
import { fitting } from './fitting.js';
import { jsonOf } from './json-of.js';
import { zoneReading } from './zone-reading.js';

describe('what a check of a credential comes to', () => {
  it('is valid, with what was found', async () => {
    expect(await credentialFinding(() => Promise.resolve({ may: ['list_zones'] }))).toEqual({ valid: true, code: null, detail: null, zones: [], zonesComplete: false, may: ['list_zones'], widerThanNeeded: null, expiresAt: null });
  });

  it.each([['rejected_credential', false], ['missing_permission', true], ['zone_not_found', true], ['account_not_eligible', false]] as const)('is a finding where %s would come again', async (code, valid) => {
    expect(await credentialFinding(() => Promise.reject(new ProviderError(code, { detail: 'why' })))).toMatchObject({ valid, code, detail: 'why', zones: [], may: [] });
  });

  it('is an error where trying again may help', async () => {
    await expect(credentialFinding(() => Promise.reject(new ProviderError('rate_limited')))).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

it('a missing right is told apart from every other refusal', async () => {
  expect(await allowed(() => Promise.resolve('seen'))).toBe('seen');
  expect(await allowed(() => Promise.reject(new ProviderError('missing_permission')))).toBeNull();
  await expect(allowed(() => Promise.reject(new ProviderError('rate_limited')))).rejects.toMatchObject({ code: 'rate_limited' });
});

it('a text that is no JSON is nothing, and quoted nowhere', () => {
  expect(['{"a":1}', '[]', 'secret', ''].map(jsonOf)).toEqual([{ a: 1 }, [], null, null]);
});

describe('an answer', () => {
  it('that does not fit is told by its place, and not by what stands there', () => {
    const schema = z.object({ zones: z.array(z.object({ id: z.number() })) });

    expect(() => fitting(schema, { zones: [{ id: 'sesame' }] })).toThrow(expect.objectContaining({ code: 'provider_protocol', detail: 'the answer does not fit at zones.0.id' }));
  });
});

describe('a reading', () => {
  const sets: RecordSet[] = ['www.example.com', 'example.com'].map((name) => ({ ownerName: ownerName(name), type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] }));

  it('holds the names that were asked for, and counts the zone only where all of it was given', () => {
    expect(zoneReading([ownerName('example.com')], sets, null, { whole: true })).toEqual({ names: ['example.com.'], recordSets: [sets[1]], recordSetCount: 2, native: null });
    expect(zoneReading('all', sets, 7, { whole: false })).toEqual({ names: 'all', recordSets: sets, recordSetCount: null, native: 7 });
  });
});
