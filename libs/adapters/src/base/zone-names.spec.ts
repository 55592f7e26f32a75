import { describe, expect, it } from '@jest/globals';
import { ProviderError, ownerName, type OwnerName } from '@connect/domain';
import type { Zone, ZoneSearch } from '../spi/index.js';
import { findZoneByName, zoneNames } from './zone-names.js';

const search = (hostname: string, zone: string | null = null): ZoneSearch => ({ hostname: ownerName(hostname), apex: ownerName('example.co.uk.'), zone });

describe('the names that a zone may have', () => {
  it('go from the host name to the registrable apex, longest first', () => {
    expect(zoneNames(search('a.shop.example.co.uk.'))).toEqual(['a.shop.example.co.uk.', 'shop.example.co.uk.', 'example.co.uk.']);
  });

  it('leave out a wildcard', () => {
    expect(zoneNames(search('*.shop.example.co.uk.'))).toEqual(['shop.example.co.uk.', 'example.co.uk.']);
  });

  it('are the one that the caller named, where the host name is in it', () => {
    expect(zoneNames(search('shop.example.co.uk.', 'example.co.uk'))).toEqual(['example.co.uk.']);
    expect(zoneNames(search('shop.example.co.uk.', 'example.com'))).toEqual([]);
  });
});

describe('finding a zone by its name', () => {
  const zones = (...names: string[]) => (name: OwnerName): Promise<Zone | null> => Promise.resolve(names.includes(name) ? { id: name, apex: name } : null);

  it('takes the longest: a delegated sub-domain is a zone of its own', async () => {
    expect((await findZoneByName(search('a.shop.example.co.uk.'), zones('example.co.uk.', 'shop.example.co.uk.'))).apex).toBe('shop.example.co.uk.');
  });

  it('says so when there is none', async () => {
    await expect(findZoneByName(search('shop.example.co.uk.'), zones())).rejects.toMatchObject(new ProviderError('zone_not_found', { detail: 'the account has no zone for shop.example.co.uk' }));
  });
});
