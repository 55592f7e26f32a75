import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { HttpAnswer, ProviderPorts } from '@connect/adapters';
import { defineProvider, type ProviderAdapter, type ProviderDescriptor } from '@connect/adapters/spi';
import type { ProviderCircuit } from '@connect/contracts';
import { movableClock, ownerName, ProviderError, secret, systemClock } from '@connect/domain';
import { createDataSource, migrate } from '@connect/storage';
import { testDatabase, type TestDatabase } from '@connect/testing';
import { dnsWorker } from '../dns-worker.module.js';
import { descriptorOf } from '../fake-provider.fake.js';
import { noTally } from '../ports/tally.port.js';
import { AdapterProviderDoor } from './adapter-provider-door.js';
import { PostgresBudgets } from './postgres-budgets.store.js';
import { PostgresCircuits } from './postgres-circuits.store.js';

let database: TestDatabase;
let dataSource: DataSource;
/** What the provider answers next; the last one stays. */
let answers: Partial<HttpAnswer>[];
let descriptor: ProviderDescriptor;
let calls = 0;
/** Past the time for which a worker trusts what it knows of the others' circuits. */
const clock = movableClock();
const tally = { ...noTally, called: (provider: string, call: string, outcome: string) => void counted.push([provider, call, outcome].join(' ')) };
const counted: string[] = [];
let count = 0;

/** One worker of several that share a database. Its provider reads with one GET. */
function worker(): AdapterProviderDoor {
  const provider = () => defineProvider({ descriptor, credential: { parse: (token) => token }, audit: [], open: (_token, ports: ProviderPorts) => adapterOf(ports) });
  const noNetwork = (): never => { throw new ProviderError('outgoing_denied'); };
  const ports: ProviderPorts = {
    http: { request: async () => { calls += 1; return Promise.resolve({ status: 200, headers: {}, text: '', json: () => ({}), ...((answers.length > 1 ? answers.shift() : answers[0]) ?? {}) }); } },
    dns: { query: noNetwork, update: noNetwork, transfer: noNetwork }, clock: systemClock, pause: () => Promise.resolve(),
  };
  return new AdapterProviderDoor({ portsFor: () => ports, close: () => Promise.resolve() }, { budgets: new PostgresBudgets(dataSource), circuits: new PostgresCircuits(dataSource) }, { budgetSecret: secret('budget'), clock, find: provider, tally });
}

function adapterOf({ http }: ProviderPorts): ProviderAdapter {
  const ask = async (signal: AbortSignal): Promise<void> => {
    const { status } = await http.request({ method: 'GET', url: 'https://api.provider.example/' }, signal);
    if (status === 405) throw new ProviderError('rate_limited', { retryAfterMs: 60_000 });
    if (status >= 500) throw new ProviderError('provider_unavailable');
  };
  return {
    checkCredential: () => Promise.reject(new ProviderError('unsupported')),
    findZone: async ({ hostname }, signal) => { await ask(signal); return { id: hostname, apex: hostname }; },
    getRecordSets: () => Promise.reject(new ProviderError('unsupported')),
    applyChanges: () => Promise.reject(new ProviderError('unsupported')),
  };
}

async function find(door: AdapterProviderDoor): Promise<void> {
  const { adapter } = door.open(descriptor.id, secret(`token ${count}`), { lane: 0, zoneId: null });
  await adapter.findZone({ hostname: ownerName('shop.example.com.'), apex: ownerName('example.com.'), zone: null }, AbortSignal.timeout(5_000));
}

beforeAll(async () => {
  database = await testDatabase();
  dataSource = await createDataSource({ url: secret(database.url), schema: 'dns_worker', migrations: dnsWorker.database.migrations, applicationName: 'test' }).initialize();
  await migrate(dataSource);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});
beforeEach(() => {
  count += 1;
  calls = 0;
  counted.length = 0;
  clock.advance(1_000);
  answers = [{}];
  descriptor = descriptorOf({ id: `fake${count}`, limits: [{ scope: 'token', calls: 'all', amount: 1_000, windowSeconds: 3_600 }] });
});

describe('what a provider says of its budget', () => {
  it.each([
    ['a 429 with a time', { status: 429, headers: { 'retry-after': '60' } }],
    ['a 429 with a date', { status: 429, headers: { 'retry-after': new Date(Date.now() + 61_000).toUTCString() } }],
    ['a 429 with a reset', { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${Math.ceil(Date.now() / 1000) + 60}` } }],
    ['a 503 with a time', { status: 503, headers: { 'retry-after': '60' } }],
    ['a good answer that was the last one', { status: 200, headers: { 'ratelimit': '"hour";r=0;t=60', 'ratelimit-policy': '"hour";q=1000;w=3600' } }],
    ['an answer that only the adapter can read', { status: 405 }],
  ])('%s keeps every worker from calling', async (_, answer) => {
    answers = [answer];
    await find(worker()).catch(() => undefined);

    const refusal = find(worker());

    await expect(refusal).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
    await expect(refusal.catch(({ retryAfterMs }: ProviderError) => (retryAfterMs ?? 0) > 50_000)).resolves.toBe(true);
    expect(calls).toBe(1);
  });

  it('keeps nobody else from calling', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '60' } }, {}];
    await find(worker()).catch(() => undefined);
    count += 1;

    await expect(find(worker())).resolves.toBeUndefined();
  });
});

describe('a provider that does not answer', () => {
  const sick = { status: 503 };
  const circuit = async (): Promise<ProviderCircuit | undefined> => (await new PostgresCircuits(dataSource).list()).find(({ provider }) => provider === descriptor.id);
  const failing = async (door: AdapterProviderDoor, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await expect(find(door)).rejects.toMatchObject({ code: 'provider_unavailable' });
  };
  /** What the wait for the next probe does. */
  const waitIsOver = async (): Promise<void> => {
    await dataSource.query(`UPDATE dns_worker.provider_circuit SET probe_at = now() WHERE provider = $1`, [descriptor.id]);
    clock.advance(1_000);
  };

  it('is called by nobody any more after five failures in a row', async () => {
    answers = [sick];
    const [mine, theirs] = [worker(), worker()];
    await failing(mine, 5);

    await failing(mine, 2);
    await failing(theirs, 2);

    expect(calls).toBe(5);
    expect(counted).toEqual(Array.from({ length: 5 }, () => `${descriptor.id} read unavailable`));
    expect(await circuit()).toMatchObject({ state: 'open', code: 'provider_unavailable', since: expect.any(String), next_probe_at: expect.any(String) });
    await expect(find(mine)).rejects.toMatchObject({ retryAfterMs: expect.any(Number), detail: expect.stringContaining('nothing is sent') });
  });

  it('is called again by all when one call was answered', async () => {
    answers = [sick];
    const [mine, theirs] = [worker(), worker()];
    await failing(mine, 5);
    await waitIsOver();
    answers = [{}];

    await find(theirs);
    clock.advance(1_000);
    await find(mine);

    expect(calls).toBe(7);
    expect(await circuit()).toMatchObject({ state: 'closed', code: null, next_probe_at: null });
  });

  it('gets one probe and no more, and rests longer after each that fails', async () => {
    answers = [sick];
    const mine = worker();
    await failing(mine, 5);
    const first = Date.parse((await circuit())?.next_probe_at ?? '');
    await waitIsOver();

    await Promise.allSettled([worker(), worker(), worker(), mine].map(find));

    expect(calls).toBe(6);
    const second = await circuit();
    expect(second?.state).toBe('open');
    expect(Date.parse(second?.next_probe_at ?? '') - first).toBeGreaterThan(8_000);
  });

  it('is half open while the probe is under way', async () => {
    answers = [sick];
    const mine = worker();
    await failing(mine, 5);
    await waitIsOver();

    expect(await new PostgresCircuits(dataSource).probe({ key: descriptor.id, provider: descriptor.id }, 60_000)).toBe(true);

    expect(await circuit()).toMatchObject({ state: 'half_open' });
    clock.advance(1_000);
    await failing(worker(), 1);
    expect(calls).toBe(5);
  });

  it('is not given up for failures between which it answers, nor for refusals', async () => {
    answers = [sick, sick, sick, sick, {}, sick, sick, sick, sick, { status: 404 }];
    const mine = worker();

    for (let i = 0; i < 12; i++) await find(mine).catch(() => undefined);

    expect(calls).toBe(12);
    expect(await circuit()).toBeUndefined();
  });

  it('does not keep others from being called', async () => {
    answers = [sick];
    await failing(worker(), 6);
    descriptor = descriptorOf({ id: `other${count}` });
    answers = [{}];

    await expect(find(worker())).resolves.toBeUndefined();
  });
});
