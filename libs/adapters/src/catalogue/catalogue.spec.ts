import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fitsPattern, providerCatalogue, providerIdForNameServer } from './index.js';
import { ownerOfNameServer } from './name-server-patterns.js';

const folder = join(import.meta.dirname, '../providers');
const folders = readdirSync(folder).filter((name) => ['index.ts', 'adapter.ts', 'README.md'].every((file) => existsSync(join(folder, name, file)))).sort();

describe('the catalogue of providers', () => {
  it('has one entry for each provider folder', () => {
    expect(providerCatalogue.descriptors().map(({ id }) => id)).toEqual(folders);
  });

  it('has the providers without a credential, too', () => {
    expect(['domain-connect', 'squarespace'].map((key) => providerCatalogue.get(key).setup)).toEqual(['redirect', 'manual']);
  });

  it.each(folders)('shows nothing of %s that looks like a secret, and everything that a person needs', (key) => {
    const descriptor = providerCatalogue.descriptor(key);

    expect(descriptor.credential.steps.length).toBeGreaterThan(0);
    expect(descriptor.credential.fields.some(({ secret }) => secret)).toBe(true);
    expect(descriptor.credential.minimalPolicy).not.toBe('');
    expect(descriptor.links.documentation).toMatch(/^https:\/\//);
    expect(descriptor.nameServerPatterns.every((pattern) => pattern === pattern.toLowerCase() && !pattern.endsWith('.'))).toBe(true);
    expect(descriptor.capabilities.ttl.minSeconds).toBeLessThanOrEqual(descriptor.capabilities.ttl.maxSeconds);
  });

  it('refuses a key that it does not have, and a credential for a provider that takes none', () => {
    expect(() => providerCatalogue.get('nobody')).toThrow(expect.objectContaining({ code: 'unknown_provider' }));
    expect(() => providerCatalogue.checkForm('nobody', 'x')).toThrow(expect.objectContaining({ code: 'unknown_provider' }));
    expect(() => providerCatalogue.checkForm('squarespace', 'x')).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it('knows whose zones stand on the customer’s own servers', () => {
    expect(['powerdns', 'rfc2136'].map((key) => providerCatalogue.selfHosted(key))).toEqual([true, true]);
  });

  it('loads no adapter', () => {
    const generated = readFileSync(join(import.meta.dirname, 'providers.generated.ts'), 'utf8');

    expect(generated.match(/\/providers\/[^']*/g)!.every((path) => /\/(descriptor|credential)\.js$/.test(path))).toBe(true);
  });
});

describe('name-server patterns', () => {
  it.each([
    ['*.ns.cloudflare.com', 'ada.ns.cloudflare.com.', true], ['*.ns.cloudflare.com', 'Ada.NS.Cloudflare.COM', true], ['*.ns.cloudflare.com', 'ns.cloudflare.com', false], ['*.ns.cloudflare.com', 'ada.ns.cloudflare.com.evil.example', false],
    ['ns-*.awsdns-*.*', 'ns-123.awsdns-45.co.uk', true], ['ns1.example.net', 'ns1xexample.net', false],
  ])('%s and %s: %s', (pattern, name, fits) => {
    expect(fitsPattern(pattern, name)).toBe(fits);
  });

  it('lets the most specific pattern decide, and nobody where two are equally specific', () => {
    const owners = [{ id: 'wide', patterns: ['*.example.net'] }, { id: 'narrow', patterns: ['*.dns.example.net'] }, { id: 'twin', patterns: ['*.dns.example.net'] }];

    expect(ownerOfNameServer(owners.slice(0, 2), 'ns1.dns.example.net')).toBe('narrow');
    expect(ownerOfNameServer(owners, 'ns1.dns.example.net')).toBeNull();
    expect(ownerOfNameServer(owners, 'ns1.other.example')).toBeNull();
  });

  it('knows a provider by its name server', () => {
    expect([providerIdForNameServer('ns1.squarespacedns.com.'), providerIdForNameServer('ns1.example.org')]).toEqual(['squarespace', null]);
  });
});
