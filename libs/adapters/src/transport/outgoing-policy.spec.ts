import { describe, expect, it } from '@jest/globals';
import { movableClock } from '@connect/domain';
import { createOutgoingPolicy } from './outgoing-policy.js';

const nobodyHere = { ownAddresses: () => [] };

describe('the outgoing policy', () => {
  it.each([
    '127.0.0.1', '127.9.9.9', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '0.1.2.3', '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1', '168.63.129.16',
    '::', '::1', 'fe80::1', 'fd00::1', 'fd00:ec2::254', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', 'fec0::1',
  ])('refuses %s', (address) => {
    expect(createOutgoingPolicy(nobodyHere).allows(address)).toBe(false);
  });

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('allows %s', (address) => {
    expect(createOutgoingPolicy(nobodyHere).allows(address)).toBe(true);
  });

  it.each(['', 'localhost', '127.1', '0x7f000001', '2130706433', '017700000001', '1.2.3.4 ', 'fe80::1%eth0'])('takes "%s" for no address', (text) => {
    expect(createOutgoingPolicy(nobodyHere).allows(text)).toBe(false);
  });

  it('opens the ranges of a self-hoster, and no others', () => {
    const policy = createOutgoingPolicy({ ...nobodyHere, allow: ['10.0.0.0/8', '127.0.0.1', 'fd00::/8'] });

    expect(['10.9.9.9', '127.0.0.1', '::ffff:10.9.9.9', 'fd12::1', '127.0.0.2', '192.168.0.1'].map((address) => policy.allows(address))).toEqual([true, true, true, true, false, false]);
  });

  it('opens a metadata address only to a range of exactly that address', () => {
    expect(createOutgoingPolicy({ ...nobodyHere, allow: ['0.0.0.0/0', '::/0', '169.254.0.0/16'] }).allows('169.254.169.254')).toBe(false);
    expect(createOutgoingPolicy({ ...nobodyHere, allow: ['::/0'] }).allows('fd00:ec2::254')).toBe(false);
    expect(createOutgoingPolicy({ ...nobodyHere, allow: ['169.254.169.254/32'] }).allows('169.254.169.254')).toBe(true);
  });

  it('refuses our own public addresses, also one that came later', () => {
    const clock = movableClock();
    const own = ['8.8.4.4'];
    const policy = createOutgoingPolicy({ ownAddresses: () => own, clock });

    expect([policy.refusalOf('8.8.4.4'), policy.refusalOf('8.8.8.8')]).toEqual(['it is our own address', null]);
    own.push('8.8.8.8');
    clock.advance(31_000);
    expect(policy.refusalOf('8.8.8.8')).toBe('it is our own address');
  });

  it('refuses a setting that is no range', () => {
    expect(() => createOutgoingPolicy({ allow: ['10.0.0.0/99'] })).toThrow('OUTGOING_ALLOW');
  });

  it('gives only the allowed addresses of a name', async () => {
    const policy = createOutgoingPolicy({ ...nobodyHere, lookup: () => Promise.resolve([{ address: '10.0.0.1' }, { address: '8.8.8.8' }, { address: '2606:4700::1' }]) });

    expect(await policy.resolve('api.example.net')).toEqual([{ address: '8.8.8.8', family: 4 }, { address: '2606:4700::1', family: 6 }]);
  });

  it('refuses a name that only leads inside', async () => {
    const policy = createOutgoingPolicy({ ...nobodyHere, lookup: () => Promise.resolve([{ address: '169.254.169.254' }, { address: '::1' }]) });

    await expect(policy.resolve('inside.example.net')).rejects.toMatchObject({ code: 'outgoing_denied' });
  });

  it('refuses a literal without asking anybody', async () => {
    const policy = createOutgoingPolicy({ ...nobodyHere, lookup: () => Promise.reject(new Error('asked')) });

    await expect(policy.resolve('[::1]')).rejects.toMatchObject({ code: 'outgoing_denied' });
    expect(await policy.resolve('[2606:4700::1]')).toEqual([{ address: '2606:4700::1', family: 6 }]);
  });

  it('says unavailable for a name that does not resolve', async () => {
    const policy = createOutgoingPolicy({ ...nobodyHere, lookup: () => Promise.reject(new Error('ENOTFOUND')) });

    await expect(policy.resolve('none.example.net')).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});
