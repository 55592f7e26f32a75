import { describe, expect, it } from '@jest/globals';
import type { CredentialReport } from '@connect/contracts';
import { aConnection, aDetection } from './connection.fake.js';
import { chooseSetup, type Choice, type CredentialCandidate } from './choose-setup.js';
import type { Connection } from './connection.js';

const providers = { selfHosted: (provider: string): boolean => provider === 'powerdns' };
const report = (changes: Partial<CredentialReport> = {}): CredentialReport => ({ valid: true, code: null, detail: null, zones: [{ id: 'z1', apex: 'example.com.' }], zones_complete: true, may: [], wider_than_needed: null, expires_at: null, checked_at: '2026-01-01T00:00:00.000Z', ...changes });
const credential = (changes: Partial<CredentialCandidate> = {}): CredentialCandidate => ({ id: 'cred_a', provider: 'powerdns', customer_reference: 'c1', status: 'valid', report: report(), ...changes });
const connection = (changes: Partial<Connection> = {}): Connection => aConnection({ provider: null, credential_id: null, customer_reference: 'c1', ...changes });

function choose(of: Connection, credentials: CredentialCandidate[], more: { shared?: boolean; providersFound?: string[] } = {}): Choice {
  return chooseSetup(of, aDetection({ providers: more.providersFound ?? [] }), credentials, { shared_credentials: more.shared ?? false }, providers);
}

describe('choosing the setup', () => {
  it('is automatic with a checked credential of the same customer that covers the domain', () => {
    expect(choose(connection(), [credential()])).toEqual({ setup: 'automatic', provider: 'powerdns', credentialId: 'cred_a' });
  });

  it('never takes a credential of another customer', () => {
    expect(choose(connection(), [credential({ customer_reference: 'c2' })])).toMatchObject({ setup: 'manual' });
    expect(choose(connection(), [credential({ customer_reference: null })], { shared: true })).toMatchObject({ setup: 'manual' });
  });

  it('takes a credential without a customer only where the application shares its credentials', () => {
    const nobodys = credential({ customer_reference: null });

    expect(choose(connection({ customer_reference: null }), [nobodys])).toMatchObject({ setup: 'manual' });
    expect(choose(connection({ customer_reference: null }), [nobodys], { shared: true })).toMatchObject({ setup: 'automatic' });
  });

  it('never tries a token that was not checked or is not valid', () => {
    expect(choose(connection(), [credential({ report: null })])).toMatchObject({ setup: 'manual' });
    expect(choose(connection(), [credential({ report: report({ valid: false }) })])).toMatchObject({ setup: 'manual' });
    expect(choose(connection(), [credential({ status: 'destroying' })])).toMatchObject({ setup: 'manual' });
  });

  it('does not take a zone that only ends alike, or a parent above the registrable domain', () => {
    expect(choose(connection(), [credential({ report: report({ zones: [{ id: 'z', apex: 'notexample.com.' }] }) })])).toMatchObject({ setup: 'manual' });
    expect(choose(connection(), [credential({ report: report({ zones: [{ id: 'z', apex: 'com.' }] }) })])).toMatchObject({ setup: 'manual' });
    expect(choose(connection(), [credential({ report: report({ zones: [{ id: 'z', apex: 'shop.example.com.' }] }) })])).toMatchObject({ setup: 'automatic' });
  });

  it('prefers the credential that was checked most recently', () => {
    const older = credential({ id: 'cred_older' });
    const newer = credential({ id: 'cred_newer', report: report({ checked_at: '2026-01-02T00:00:00.000Z' }) });

    expect(choose(connection(), [older, newer])).toMatchObject({ credentialId: 'cred_newer' });
  });

  it('does not write at a provider that the name servers do not belong to', () => {
    expect(choose(connection(), [credential({ provider: 'cloudflare' })], { providersFound: ['gandi'] })).toMatchObject({ setup: 'manual' });
    expect(choose(connection(), [credential({ provider: 'powerdns' })], { providersFound: ['gandi'] })).toMatchObject({ setup: 'automatic' });
    expect(choose(connection({ provider: 'gandi' }), [credential({ provider: 'powerdns' })])).toMatchObject({ setup: 'manual' });
  });

  it('says what is missing where automatic was asked for', () => {
    expect(choose(connection({ requested_setup: 'automatic' }), [])).toEqual({ setup: 'manual', code: 'credential_missing' });
    expect(choose(connection({ requested_setup: 'manual' }), [credential()])).toEqual({ setup: 'manual', code: 'set_records_by_hand' });
  });
});
