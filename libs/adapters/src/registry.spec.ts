import { describe, expect, it } from '@jest/globals';
import { providerCatalogue } from './catalogue/index.js';
import { providerById, providers } from './index.js';

describe('the registry of providers', () => {
  it('has an adapter for each provider of the catalogue that takes a credential, and no other', () => {
    expect([...providers.keys()]).toEqual(providerCatalogue.descriptors().map(({ id }) => id));
    expect([...providers.values()].every(({ descriptor }) => descriptor === providerCatalogue.descriptor(descriptor.id))).toBe(true);
  });

  it('refuses a key that it does not have', () => {
    expect(providerById('powerdns').descriptor.id).toBe('powerdns');
    expect(() => providerById('squarespace')).toThrow(expect.objectContaining({ code: 'unknown_provider' }));
  });
});
