import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { secret } from '@connect/domain';
import { busUsers, migrateServiceDatabase, natsAuthorization, provisionBus, startService, type RunningService } from '@connect/messaging';
import { createLogger } from '@connect/observability';
import { eventually, testBus, testDatabase, type TestBus, type TestDatabase } from '@connect/testing';
import { gatewayService } from './gateway.module.js';
import { Neighbours } from './neighbours.fake.js';

const operatorKey = 'operator-key-of-the-test-world';
export type Answered<Body = Record<string, unknown>> = { status: number; headers: Headers; body: Body };
export type Account = { tenantId: string; key: string; applicationId: string; credentialId: string };

/** The gateway as it runs, with a real database and bus, and its neighbours as a script. */
export class GatewayWorld {
  readonly logLines: string[] = [];
  private readonly replicas: RunningService[] = [];

  private constructor(readonly database: TestDatabase, private readonly bus: TestBus, readonly neighbours: Neighbours) {}

  static async start(): Promise<GatewayWorld> {
    const passwords = Object.fromEntries(busUsers.map(({ name }) => [name, `password-of-${name}`]));
    const [database, bus] = await Promise.all([testDatabase(), testBus({ config: natsAuthorization(busUsers, passwords) })]);
    const urlOf = (user: string): string => bus.url.replace('nats://', `nats://${user}:password-of-${user}@`);
    await provisionBus(secret(urlOf('provision')));
    const world = new GatewayWorld(database, bus, await Neighbours.start(urlOf));
    await world.startReplica(urlOf('gateway'));
    return world;
  }

  readonly operatorKey = operatorKey;

  get inner(): string {
    return this.replicas[0]!.innerUrl;
  }

  urlOfReplica(index = 0): string {
    return this.replicas[index]!.httpUrl!;
  }

  app(): RunningService['app'] {
    return this.replicas[0]!.app;
  }

  async startReplica(natsUrl = this.bus.url.replace('nats://', 'nats://gateway:password-of-gateway@'), env: Record<string, string> = {}): Promise<void> {
    const definition = gatewayService();
    // One connection only: a store that forgets the transaction's own would wait for ever, here and not in production.
    const config = definition.config({
      NODE_ENV: 'test', DATABASE_URL: this.database.url, NATS_URL: natsUrl, PORT: '0', OPERATOR_KEY: operatorKey, KEY_SECRET: 'key-secret-of-the-test-world-0123', SWEEP_EVERY_MS: '100', DATABASE_POOL: '1', DOCS: 'false', EGRESS_ADDRESSES: '192.0.2.25,2001:db8::25', LOG_LEVEL: 'debug', SHUTDOWN_MS: '2000',
      RATE_LIMIT_PER_MINUTE: '1000000', UNKNOWN_KEYS_PER_MINUTE: '1000000', ...env,
    });
    const log = createLogger({ service: 'gateway', level: 'debug', destination: { write: (line: string) => void this.logLines.push(line) } });
    await migrateServiceDatabase(definition, config, log);
    this.replicas.push(await startService(definition, config, log));
  }

  async call<Body = Record<string, unknown>>(key: string | null, method: string, path: string, body?: unknown, more: { headers?: Record<string, string>; base?: string } = {}): Promise<Answered<Body>> {
    const raw = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(`${more.base ?? this.urlOfReplica()}${path}`, {
      method, body: raw, headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...(raw === undefined ? {} : { 'content-type': 'application/json' }), ...more.headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Body };
  }

  operator<Body = Record<string, unknown>>(method: string, path: string, body?: unknown, key: string | null = operatorKey): Promise<Answered<Body>> {
    return this.call<Body>(key, method, path, body, { base: this.inner });
  }

  /** A tenant with an application and a stored PowerDNS credential. */
  async account(application: Record<string, unknown> = {}): Promise<Account> {
    const tenant = await this.operator<{ id: string; api_key: { key: string } }>('POST', '/v1/tenants', { name: 'a tenant' });
    const key = tenant.body.api_key.key;
    const created = await this.call<{ id: string }>(key, 'POST', '/v1/applications', { name: 'shop', record_template: [{ type: 'CNAME', name: '@', value: 'edge.saas.example' }], ...application });
    const credential = await this.call<{ id: string }>(key, 'POST', `/v1/applications/${created.body.id}/credentials`, { provider: 'powerdns', token: aToken(), check: false });
    return { tenantId: tenant.body.id, key, applicationId: created.body.id, credentialId: credential.body.id };
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.neighbours.stop();
    await this.bus.stop();
    await this.database.drop();
  }
}

export type OpenedWorld = { world: GatewayWorld; account: Account; stranger: Account };

/** For the head of a spec file: a world with two tenants that do not know each other, there before the first case and gone after the last. Before each its neighbours behave well. */
export function openWorld(take: (opened: OpenedWorld) => void): void {
  let world: GatewayWorld | undefined;
  beforeAll(async () => {
    world = await GatewayWorld.start();
    take({ world, account: await world.account(), stranger: await world.account() });
  });
  afterAll(() => world?.stop());
  beforeEach(() => world?.neighbours.behaveWell());
}

let names = 0;
/** A hostname that no other case uses. */
export function aHostname(): string {
  return `shop-${process.pid}-${++names}.example.com`;
}

/** A PowerDNS credential in the right form. */
export function aToken(apiKey = 'an-api-key'): Record<string, unknown> {
  return { url: 'https://dns.example.net:8081', api_key: apiKey };
}

/** Waits until the expectations hold. */
export async function holds(what: string, expectations: () => Promise<void> | void): Promise<void> {
  await eventually(async () => {
    await expectations();
    return true;
  }, { timeoutMs: 10_000, what });
}
