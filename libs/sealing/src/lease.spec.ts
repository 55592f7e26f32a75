import { describe, expect, it } from '@jest/globals';
import { movableClock, secret } from '@connect/domain';
import { leaseBox, sealLease, type LeaseClaims, type LeaseTerms } from './index.js';

const terms: LeaseTerms = {
  tenant_id: 'ten_1', application_id: 'app_1', credential_id: 'cred_1', provider: 'hetzner', purpose: 'write', zone: 'example.com.', fence: '7', connections: ['con_1', 'con_2'],
};
const claims: LeaseClaims = { ...terms, lease_id: 'lease-1', iat: 1_000, exp: 1_060 };

describe('a lease', () => {
  it('opens once, for what was asked', async () => {
    const box = await leaseBox(movableClock());
    const lease = await sealLease(box.publicJwk, secret('token'), claims);

    const opened = await box.open(lease, terms);

    expect(opened.leaseId).toBe('lease-1');
    expect(opened.credential.open((text) => text)).toBe('token');
    await expect(box.open(lease, terms)).rejects.toMatchObject({ code: 'lease_used' });
  });

  it.each([
    ['tenant', { tenant_id: 'ten_2' }], ['application', { application_id: 'app_2' }], ['credential', { credential_id: 'cred_2' }], ['provider', { provider: 'ionos' }],
    ['purpose', { purpose: 'plan' }], ['zone', { zone: 'example.net.' }], ['no zone', { zone: null }], ['fence', { fence: '8' }], ['connections', { connections: ['con_1'] }],
  ] as const)('does not open for another %s', async (_what, other) => {
    const box = await leaseBox(movableClock());
    const lease = await sealLease(box.publicJwk, secret('token'), { ...claims, ...other });

    await expect(box.open(lease, terms)).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('does not open in the box of another worker', async () => {
    const [mine, other] = [await leaseBox(movableClock()), await leaseBox(movableClock())];
    const lease = await sealLease(mine.publicJwk, secret('token'), claims);

    await expect(other.open(lease, terms)).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('ends with its time, counted from the question on, whatever the wall clocks say', async () => {
    const clock = movableClock();
    const [box, late] = [await leaseBox(clock), await leaseBox(clock)];
    const [lease, lateLease] = [await sealLease(box.publicJwk, secret('token'), claims), await sealLease(late.publicJwk, secret('token'), claims)];

    clock.advance(20_000);
    const opened = await box.open(lease, terms);

    expect(opened.remainingMs()).toBe(40_000);
    clock.advance(41_000);
    expect(opened.remainingMs()).toBe(0);
    await expect(late.open(lateLease, terms)).rejects.toMatchObject({ code: 'lease_denied' });
  });

  it('never lasts longer than a minute', async () => {
    const box = await leaseBox(movableClock());
    const lease = await sealLease(box.publicJwk, secret('token'), { ...claims, exp: 9_999 });

    expect((await box.open(lease, terms)).remainingMs()).toBe(60_000);
  });
});
