import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditTrail, leaseCredential } from '@connect/contracts';
import { newId, systemClock } from '@connect/domain';
import { leaseBox } from '@connect/sealing';
import { eventually } from '@connect/testing';
import { keyringOf, newPlace, randomKey, termsFor, VaultWorld } from './running-vault.fake.js';

const keyring = keyringOf(1, { 1: randomKey() });
const read = (text: string) => text;

let vault: VaultWorld;
beforeAll(async () => {
  vault = await VaultWorld.open();
  await vault.start(keyring);
});
afterAll(() => vault?.close());

const audited = (tenantId: string, credentialId: string | null = null) => vault.gateway.ask(auditTrail, { tenant_id: tenantId, credential_id: credentialId, limit: 100, before: null });

describe('storing a credential', () => {
  it('then leasing it gives the worker what the gateway sealed', async () => {
    const place = newPlace();
    const fingerprint = await vault.store(place, 'token ÄÖ 1');

    const lease = await vault.lease(place);

    expect(lease.credential.open(read)).toBe('token ÄÖ 1');
    expect(lease.remainingMs()).toBeLessThanOrEqual(60_000);
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  it('twice is storing it once', async () => {
    const place = newPlace();

    const fingerprints = await Promise.all([1, 2, 3, 4].map(() => vault.store(place, 'same')));

    expect(new Set(fingerprints).size).toBe(1);
    expect((await audited(place.tenantId)).rows.map((row) => row.action)).toEqual(['stored']);
    await expect(vault.store(place, 'other')).rejects.toMatchObject({ code: 'conflict' });
    expect((await vault.lease(place)).credential.open(read)).toBe('same');
  });

  it('for many credentials of one new tenant at once makes one tenant key', async () => {
    const tenantId = newId('tenant');
    const places = Array.from({ length: 8 }, () => newPlace({ tenantId }));

    await Promise.all(places.map((place, index) => vault.store(place, `token-${index}`)));

    expect(await vault.database.query('SELECT version FROM vault.tenant_key WHERE tenant_id = $1', [tenantId])).toEqual([{ version: 1 }]);
    for (const [index, place] of places.entries()) expect((await vault.lease(place)).credential.open(read)).toBe(`token-${index}`);
  });

  it('again with a higher version replaces it, and a late lower version does not come back', async () => {
    const place = newPlace();
    await vault.store(place, 'first');

    await vault.store({ ...place, version: 2 }, 'second');

    await expect(vault.store(place, 'first')).rejects.toMatchObject({ code: 'superseded' });
    expect((await vault.lease(place)).credential.open(read)).toBe('second');
  });

  it.each(['tenantId', 'applicationId', 'credentialId', 'provider'] as const)('is refused when it was sealed for another %s', async (field) => {
    const place = newPlace();

    await expect(vault.store(place, 'token', { ...place, [field]: newPlace()[field] === place[field] ? 'ionos' : newPlace()[field] })).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('under the id of another tenant is not_found, and changes nothing', async () => {
    const place = newPlace();
    await vault.store(place, 'token');

    await expect(vault.store({ ...place, tenantId: newId('tenant'), version: 2 }, 'theirs')).rejects.toMatchObject({ code: 'not_found' });
    await expect(vault.store({ ...place, provider: 'ionos', version: 2 }, 'other')).rejects.toMatchObject({ code: 'provider_mismatch' });
    expect((await vault.lease(place)).credential.open(read)).toBe('token');
  });
});

describe('leasing a credential (P8)', () => {
  it('of another tenant or application is not_found, like one that does not exist', async () => {
    const place = newPlace();
    await vault.store(place, 'token');
    const asked = [{ ...place, tenantId: newId('tenant') }, { ...place, applicationId: newId('application') }, newPlace()];

    const answers = await Promise.all(asked.map((each) => vault.lease(each).catch((error: unknown) => error)));

    for (const answer of answers) expect(answer).toMatchObject({ code: 'not_found', detail: undefined });
    await expect(vault.lease({ ...place, provider: 'ionos' })).rejects.toMatchObject({ code: 'provider_mismatch' });
    expect((await audited(asked[0]!.tenantId)).rows).toMatchObject([{ action: 'lease_refused', credential_id: place.credentialId }]);
  });

  type Move = (a: string, b: string) => [statement: string, parameters: string[]];
  it.each<[string, Move]>([
    ['row', (a, b) => [`UPDATE vault.credential SET sealed = (SELECT sealed FROM vault.credential WHERE credential_id = $2) WHERE credential_id = $1`, [b, a]]],
    ['provider', (_a, b) => [`UPDATE vault.credential SET provider = 'ionos' WHERE credential_id = $1`, [b]]],
    ['version', (_a, b) => [`UPDATE vault.credential SET version = 9 WHERE credential_id = $1`, [b]]],
    ['application', (_a, b) => [`UPDATE vault.credential SET application_id = 'app_moved' WHERE credential_id = $1`, [b]]],
  ])('does not open what was moved to another %s', async (what, move) => {
    const tenantId = newId('tenant');
    const [a, b] = [newPlace({ tenantId }), newPlace({ tenantId })];
    await vault.store(a, 'token-a');
    await vault.store(b, 'token-b');

    await vault.database.query(...move(a.credentialId, b.credentialId));
    const moved = { ...b, ...(what === 'provider' ? { provider: 'ionos' } : {}), ...(what === 'application' ? { applicationId: 'app_moved' } : {}) };

    await expect(vault.lease(moved)).rejects.toMatchObject({ code: 'seal_broken' });
    expect(vault.logged).toContain('a stored credential does not open');
  });

  it('does not open what was moved to another tenant, with or without the tenant key', async () => {
    const [mine, theirs] = [newPlace(), newPlace()];
    await vault.store(mine, 'token-mine');
    await vault.store(theirs, 'token-theirs');

    await vault.database.query('UPDATE vault.credential SET tenant_id = $2, application_id = $3 WHERE credential_id = $1', [mine.credentialId, theirs.tenantId, theirs.applicationId]);
    const moved = { ...mine, tenantId: theirs.tenantId, applicationId: theirs.applicationId };
    await expect(vault.lease(moved)).rejects.toMatchObject({ code: 'seal_broken' });

    await vault.database.query('UPDATE vault.tenant_key SET wrapped = (SELECT wrapped FROM vault.tenant_key WHERE tenant_id = $2) WHERE tenant_id = $1', [theirs.tenantId, mine.tenantId]);
    await expect(vault.lease(moved)).rejects.toMatchObject({ code: 'seal_broken' });
  });

  it('is refused for terms that do not say on whose behalf, and the refusal is audited', async () => {
    const place = newPlace();
    await vault.store(place, 'token');

    await expect(vault.lease(place, { fence: null })).rejects.toMatchObject({ code: 'lease_denied' });
    await expect(vault.lease(place, { purpose: 'plan', connections: [] })).rejects.toMatchObject({ code: 'lease_denied' });
    await expect(vault.lease(place, { purpose: 'check', zone: null, fence: null, connections: [] })).resolves.toBeDefined();
    expect((await audited(place.tenantId)).rows.map(({ action, purpose }) => [action, purpose])).toEqual([['leased', 'check'], ['lease_refused', 'plan'], ['lease_refused', 'write'], ['stored', null]]);
  });

  it('gives one lease to one key: the same question again is lease_used', async () => {
    const place = newPlace();
    await vault.store(place, 'token');
    const box = await leaseBox(systemClock);
    const ask = { ...termsFor(place), connections: [newId('connection')], worker_jwk: box.publicJwk };

    const answers = await Promise.allSettled([vault.worker.ask(leaseCredential, ask), vault.worker.ask(leaseCredential, ask)]);

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'lease_used' } });
  });

  it('is for dns-worker only: the bus does not let the gateway ask', async () => {
    const place = newPlace();
    await vault.store(place, 'token');
    const box = await leaseBox(systemClock);

    const asking = vault.gateway.ask(leaseCredential, { ...termsFor(place), connections: [newId('connection')], worker_jwk: box.publicJwk }, { timeoutMs: 300 });

    await expect(asking).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the audit', () => {
  it('says for each lease what it was for, newest first, page by page', async () => {
    const place = newPlace();
    await vault.store(place, 'token');
    const connections = [newId('connection'), newId('connection')];
    await vault.lease(place, { purpose: 'plan', zone: null, fence: null, connections });
    await vault.lease(place, { connections });

    const first = await vault.gateway.ask(auditTrail, { tenant_id: place.tenantId, credential_id: place.credentialId, limit: 2, before: null });
    const second = await vault.gateway.ask(auditTrail, { tenant_id: place.tenantId, credential_id: place.credentialId, limit: 2, before: first.rows[1]!.id });

    expect(first.rows).toMatchObject([{ action: 'leased', purpose: 'write', zone: 'example.com.', connections }, { action: 'leased', purpose: 'plan', zone: null, connections }]);
    expect(second.rows).toMatchObject([{ action: 'stored', credential_id: place.credentialId }]);
    expect((await audited(newId('tenant'))).rows).toEqual([]);
    await expect(vault.gateway.ask(auditTrail, { tenant_id: place.tenantId, credential_id: null, limit: 2, before: 'x' })).rejects.toMatchObject({ code: 'malformed_request' });
  });
});

describe('destroying a credential', () => {
  const factsOf = (credentialId: string) => vault.heard.split('\n').filter((line) => line.startsWith('evt.vault.credential-destroyed ') && line.includes(credentialId)).map((line) => JSON.parse(line.slice(line.indexOf(' '))) as { id: string; causation_id: string; tenant_id: string });

  it('deletes the sealed bytes, tells it, and nothing is leased or stored under the id again', async () => {
    const place = newPlace();
    await vault.store(place, 'token');

    const commandId = await vault.destroy(place);

    const [fact] = await eventually(() => (factsOf(place.credentialId).length > 0 ? factsOf(place.credentialId) : null));
    expect(fact).toMatchObject({ causation_id: commandId, tenant_id: place.tenantId });
    await expect(vault.lease(place)).rejects.toMatchObject({ code: 'not_found' });
    await expect(vault.store({ ...place, version: 2 }, 'again')).rejects.toMatchObject({ code: 'conflict' });
    expect(await vault.database.query('SELECT 1 FROM vault.credential WHERE credential_id = $1', [place.credentialId])).toEqual([]);
    expect((await audited(place.tenantId, place.credentialId)).rows.map((row) => row.action)).toEqual(['lease_refused', 'destroyed', 'stored']);
  });

  it('asked again tells the same fact again, with the same id, and is audited once', async () => {
    const place = newPlace();
    await vault.store(place, 'token');
    await vault.destroy(place);
    await eventually(() => factsOf(place.credentialId).length >= 1);

    const second = await vault.destroy(place);
    await vault.destroy(place, second);

    await eventually(() => factsOf(place.credentialId).length >= 2);
    expect(new Set(factsOf(place.credentialId).map((fact) => fact.id)).size).toBe(1);
    expect((await audited(place.tenantId)).rows.filter((row) => row.action === 'destroyed')).toHaveLength(1);
  });

  it('of another tenant leaves it where it is', async () => {
    const [mine, stranger] = [newPlace(), newId('tenant')];
    await vault.store(mine, 'token');

    await vault.destroy({ tenantId: stranger, credentialId: mine.credentialId });

    await eventually(() => factsOf(mine.credentialId).some((fact) => fact.tenant_id === stranger));
    expect((await vault.lease(mine)).credential.open(read)).toBe('token');
  });

  it('before it was stored refuses it when it arrives late', async () => {
    const place = newPlace();
    await vault.destroy(place);
    await eventually(() => factsOf(place.credentialId).length > 0);

    await expect(vault.store(place, 'late')).rejects.toMatchObject({ code: 'conflict' });
  });
});
