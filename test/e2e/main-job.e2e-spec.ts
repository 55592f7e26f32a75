import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { DomainEvent } from '@connect/contracts';
import { databaseSchemas } from '@connect/local-product';
import { assertAbsent, canary, eventually } from '@connect/testing';
import type { ApiClient, ConnectionBody } from './api-client.js';
import { startWholeWorld, type WholeWorld } from './whole-world.js';

const template = [
  { type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 60 },
  { type: 'TXT', name: '_verify.{{hostname}}', value: 'saas-site={{hostname}}', ttl_seconds: 60 },
];
const foreign = [{ name: 'mail', type: 'A', value: '192.0.2.25' }, { name: '@', type: 'MX', value: '10 mail.example.' }, { name: '@', type: 'TXT', value: '"foreign value"' }];

describe('the main job: one domain from POST to live and back', () => {
  let world: WholeWorld;
  let api: ApiClient;
  let bus: NatsConnection;
  const heard: { subject: string; text: string }[] = [];

  beforeAll(async () => {
    world = await startWholeWorld({ replicas: { 'dns-worker': 2, verifier: 2 } });
    api = await world.tenant('A software company');
    const { host, username, password } = new URL(world.product.intakeNatsUrl);
    bus = await connect({ servers: host, user: username, pass: decodeURIComponent(password), inboxPrefix: '_INBOX_intake' });
    const subscription = bus.subscribe('domain.events.*');
    void (async () => { for await (const message of subscription) heard.push({ subject: message.subject, text: message.string() }); })();
  }, 120_000);

  afterAll(async () => {
    await bus?.close();
    await world?.stop();
  });

  async function application(): Promise<string> {
    return (await api.must<{ id: string }>('POST', '/v1/applications', { name: 'Shop', record_template: template })).id;
  }
  async function store(application_id: string, provider: string, token: string): Promise<string> {
    return (await api.must<{ id: string }>('POST', `/v1/applications/${application_id}/credentials`, { provider, token: provider === 'powerdns' ? JSON.parse(token) : token })).id;
  }

  it.each([
    ['PowerDNS, by its HTTP API', 'powerdns', 'power-shop.test.'],
    ['Knot, by signed DNS UPDATE', 'rfc2136', 'knot-shop.test.'],
  ] as const)('works at %s: written, proven at the authoritative servers, and taken back with foreign records untouched', async (_, provider, zone) => {
    const { server, credential } = await (provider === 'powerdns' ? world.powerdnsZone(zone, foreign) : world.knotZone(zone, foreign));
    const application_id = await application();
    const credential_id = await store(application_id, provider, credential);
    const hostname = `www.${zone.slice(0, -1)}`;

    const created = await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname, credential_id, reference: 'order 1' }, { 'idempotency-key': `create-${zone}` });
    const live = await api.reaches(created.id, 'live');

    expect(live.verdict?.verdict).toBe('published');
    expect(await world.valuesAt(server, hostname, 'CNAME')).toEqual(['edge.saas.example.']);
    expect(await world.valuesAt(server, `_verify.${hostname}`, 'TXT')).toEqual([`"saas-site=${hostname}"`]);
    const events = await api.events(created.id);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_event, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ type: 'live', reference: 'order 1' });

    await api.must('DELETE', `/v1/connections/${created.id}`);
    await api.reaches(created.id, 'archived');

    expect(await world.valuesAt(server, hostname, 'CNAME')).toEqual([]);
    expect(await world.valuesAt(server, `_verify.${hostname}`, 'TXT')).toEqual([]);
    expect(await world.valuesAt(server, `mail.${zone}`, 'A')).toEqual(['192.0.2.25']);
    expect(await world.valuesAt(server, zone, 'MX')).toEqual(['10 mail.example.']);
    expect(await world.valuesAt(server, zone, 'TXT')).toEqual(['"foreign value"']);
  });

  it('works the same from a `domain.connect` message: accepted with the publisher’s id, live with its reference', async () => {
    const { credential } = await world.knotZone('bus-shop.test.');
    const application_id = await application();
    const credential_id = await store(application_id, 'rfc2136', credential);
    const message = { id: 'message 1', publisher: 'orders', data: { tenant_id: api.tenantId, application_id, hostname: 'www.bus-shop.test', credential_id, reference: 'order 2' } };

    bus.publish('domain.connect', JSON.stringify(message));

    const events = (): DomainEvent[] => heard.map(({ text }) => DomainEvent.parse(JSON.parse(text))).filter((event) => event.reference === 'order 2');
    const accepted = await eventually(() => events().find((event) => event.type === 'accepted'), { what: 'domain.events.accepted', timeoutMs: 10_000 });
    expect(accepted).toMatchObject({ message_id: 'message 1', hostname: 'www.bus-shop.test' });
    await eventually(() => events().find((event) => event.type === 'live' && event.connection_id === accepted.connection_id), { what: 'domain.events.live', timeoutMs: 25_000 });
  });

  it('asks before it replaces an address that is not ours, and goes on when somebody approves', async () => {
    const { server, credential } = await world.powerdnsZone('taken-shop.test.', [{ name: 'www', type: 'A', value: '192.0.2.99' }]);
    const application_id = await application();
    const credential_id = await store(application_id, 'powerdns', credential);

    const created = await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname: 'www.taken-shop.test', credential_id });
    await api.reaches(created.id, 'awaiting_approval');
    expect(await world.valuesAt(server, 'www.taken-shop.test', 'A')).toEqual(['192.0.2.99']);

    const { plan } = await api.must<{ plan: { id: string; hash: string; consequences: { code: string; message: string }[] } }>('GET', `/v1/connections/${created.id}/plan`);
    expect(plan.consequences).toEqual([expect.objectContaining({ code: 'replaces_address', message: expect.stringContaining('www.taken-shop.test') })]);
    await api.must('POST', `/v1/connections/${created.id}/approve`, { plan_id: plan.id, hash: plan.hash });
    await api.reaches(created.id, 'live');

    expect(await world.valuesAt(server, 'www.taken-shop.test', 'CNAME')).toEqual(['edge.saas.example.']);
  });

  it('a DELETE that overtakes its own write leaves nothing behind', async () => {
    const { server, credential } = await world.powerdnsZone('quick-shop.test.');
    const application_id = await application();
    const credential_id = await store(application_id, 'powerdns', credential);
    const hostnames = Array.from({ length: 10 }, (_, i) => `h${i}.quick-shop.test`);

    const ids = await Promise.all(hostnames.map(async (hostname) => {
      const { id } = await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname, credential_id });
      await api.must('DELETE', `/v1/connections/${id}`);
      return id;
    }));
    await Promise.all(ids.map((id) => api.reaches(id, 'archived')));

    for (const hostname of hostnames) expect(await world.valuesAt(server, hostname, 'CNAME')).toEqual([]);
  });

  it('says what is wrong with a credential that the server does not know', async () => {
    const { server } = await world.knotZone('locked-shop.test.');
    const wrong = canary('wrong TSIG secret');
    const application_id = await application();
    const token = JSON.stringify({ server: server.address, port: server.port, key_name: 'stranger.', algorithm: 'hmac-sha256', secret: Buffer.from(wrong.value).toString('base64') });
    const credential_id = await store(application_id, 'rfc2136', token);

    const created = await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname: 'www.locked-shop.test', credential_id });
    const waiting = await api.reaches(created.id, 'awaiting_customer');

    expect(waiting.reason).toMatchObject({ code: 'rejected_credential', actor: 'customer' });
    assertAbsent(wrong, JSON.stringify([waiting, heard]), 'the API or the events');
  });

  it('never connects to an address of our own network, whatever a credential says', async () => {
    const application_id = await application();
    const credential_id = await store(application_id, 'powerdns', JSON.stringify({ url: 'http://169.254.169.254', api_key: 'any-key', allow_http: true }));

    const created = await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname: 'www.inside-shop.test', credential_id });
    const refused = await api.reaches(created.id, 'failed', 'awaiting_customer');

    expect(refused.reason).toMatchObject({ code: 'outgoing_denied' });
  });

  it('P7 the credential is in no log, no bus message, no table, no event and no metric', async () => {
    const { credential } = await world.powerdnsZone('secret-shop.test.');
    const secret = { name: 'PowerDNS API key', value: world.powerdns.apiKey };
    const application_id = await application();
    const credential_id = await store(application_id, 'powerdns', credential);
    const created = await api.must<ConnectionBody>('POST', '/v1/connections', { application_id, hostname: 'www.secret-shop.test', credential_id });
    await api.reaches(created.id, 'live');
    await api.must('DELETE', `/v1/connections/${created.id}`);
    await api.reaches(created.id, 'archived');

    for (const file of filesBelow(`${world.productDir}/logs`)) assertAbsent(secret, readFileSync(file), file);
    for (const file of filesBelow(`${world.productDir}/nats`)) assertAbsent(secret, readFileSync(file), file);
    for (const service of world.product.services) assertAbsent(secret, await (await fetch(`${service.innerUrl}/metrics`)).text(), `metrics of ${service.service}`);
    const rows = await everyRow(world.product.adminDatabaseUrl);
    expect(rows.tables).toBeGreaterThan(20);
    assertAbsent(secret, rows.text, 'the database');
    assertAbsent(secret, JSON.stringify(heard), 'the events');
  });

  it('no service reads another one’s tables', async () => {
    const schemas = Object.values(databaseSchemas);
    for (const [service, url] of Object.entries(world.product.databaseUrls)) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        for (const schema of schemas.filter((one) => one !== databaseSchemas[service as keyof typeof databaseSchemas])) {
          await expect(client.query(`SELECT * FROM ${schema}.outbox`)).rejects.toMatchObject({ code: '42501' });
        }
      } finally {
        await client.end();
      }
    }
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** All rows of all tables of the product as text, as a dump would have them. */
async function everyRow(url: string): Promise<{ tables: number; text: string }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>("SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = ANY($1)", [Object.values(databaseSchemas)]);
    const parts: string[] = [];
    for (const { name } of tables) parts.push(...(await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)).rows.map(({ row }) => row));
    return { tables: tables.length, text: parts.join('\n') };
  } finally {
    await client.end();
  }
}
