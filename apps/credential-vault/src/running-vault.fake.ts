import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { destroyCredential, leaseCredential, sealKey, storeCredential } from '@connect/contracts';
import { newId, secret, systemClock } from '@connect/domain';
import { busUsers, connectBus, natsAuthorization, newMessage, provisionBus, Requests, startService, type RunningService } from '@connect/messaging';
import { createLogger } from '@connect/observability';
import { credentialClaims, leaseBox, publicJwk, sealTo, type LeaseTerms, type OpenedLease } from '@connect/sealing';
import { createDataSource, migrate } from '@connect/storage';
import { testBus, testDatabase, type TestBus, type TestDatabase } from '@connect/testing';
import type { CredentialPlace } from './keyring/associated-data.js';
import { credentialVault } from './credential-vault.module.js';

const passwords = Object.fromEntries([...busUsers.map((user) => user.name), 'spy'].map((name) => [name, `p${randomBytes(9).toString('hex')}`]));
const spy = { name: 'spy', publish: ['cmd.vault.*'], subscribe: ['>'], responds: false };

export type Replica = RunningService;

/** A database, a bus with the product's own users, and vaults that really run, in this process. */
export class VaultWorld {
  /** Everything that the vaults logged, as text. */
  logged = '';
  /** Everything that went over the bus, as one text. */
  heard = '';
  private readonly running: RunningService[] = [];

  private constructor(readonly database: TestDatabase, readonly bus: TestBus, readonly gateway: Requests, readonly worker: Requests, private readonly connections: [spy: NatsConnection, ...others: NatsConnection[]]) {}

  static async open(): Promise<VaultWorld> {
    const database = await testDatabase();
    const bus = await testBus({ config: natsAuthorization([...busUsers, spy], passwords) });
    const as = (name: string) => secret(bus.url.replace('nats://', `nats://${name}:${passwords[name]}@`));
    await provisionBus(as('provision'));
    const dataSource = await openVaultDatabase(database);
    await migrate(dataSource);
    await dataSource.destroy();
    const spying = await bus.connect({ user: 'spy', pass: passwords['spy'] ?? '' });
    const [gateway, worker] = await Promise.all([connectBus(as('gateway'), 'gateway'), connectBus(as('dns-worker'), 'dns-worker')]);
    const world = new VaultWorld(database, bus, new Requests(gateway), new Requests(worker), [spying, gateway, worker]);
    spying.subscribe('>', { callback: (_error, message) => { world.heard += `${message.subject} ${message.string()}\n`; } });
    await spying.flush();
    return world;
  }

  /** Starts one more replica of the vault. */
  async start(keyring: string, settings: Record<string, string> = {}): Promise<Replica> {
    const config = credentialVault.config({
      NODE_ENV: 'test', LOG_LEVEL: 'trace', DATABASE_URL: this.database.url, NATS_URL: this.bus.url.replace('nats://', `nats://credential-vault:${passwords['credential-vault']}@`), ROOT_KEYRING: keyring, ...settings,
    });
    const log = createLogger({ service: 'credential-vault', level: 'trace', destination: { write: (line) => { this.logged += line; } } });
    const replica = await startService(credentialVault, config, log);
    this.running.push(replica);
    return replica;
  }

  /** The vault's own schema without a vault; the caller closes it. */
  openDatabase(): ReturnType<typeof openVaultDatabase> {
    return openVaultDatabase(this.database);
  }

  async stop(replica: Replica): Promise<void> {
    this.running.splice(this.running.indexOf(replica), 1);
    await replica.stop();
  }

  /** As the gateway does it: seal to the announced key, then store. Returns the fingerprint. */
  async store(place: CredentialPlace, value: string, sealedFor: CredentialPlace = place): Promise<string> {
    const { jwk, kid } = await this.gateway.ask(sealKey, {});
    const sealed = await sealTo(publicJwk(jwk), kid, secret(value), credentialClaims(wire(sealedFor)));
    return (await this.gateway.ask(storeCredential, { ...wire(place), sealed })).fingerprint;
  }

  /** As a worker does it: one box, one question, one opening. */
  async lease(place: CredentialPlace, more: Partial<LeaseTerms> = {}): Promise<OpenedLease> {
    const box = await leaseBox(systemClock);
    const terms = termsFor(place, more);
    const { lease } = await this.worker.ask(leaseCredential, { ...terms, connections: [...terms.connections], worker_jwk: box.publicJwk });
    return box.open(lease, terms);
  }

  /** Sends the command as the gateway's outbox would. Returns the message id. */
  async destroy(place: Pick<CredentialPlace, 'tenantId' | 'credentialId'>, messageId?: string): Promise<string> {
    const made = newMessage(destroyCredential, { tenantId: place.tenantId }, { credential_id: place.credentialId }, systemClock);
    const message = { ...made, id: messageId ?? made.id };
    await jetstream(this.connections[0]).publish(message.type, JSON.stringify(message));
    return message.id;
  }

  async close(): Promise<void> {
    for (const replica of [...this.running]) await this.stop(replica);
    await Promise.all(this.connections.map((connection) => connection.close()));
    await this.bus.stop();
    await this.database.drop();
  }
}

function openVaultDatabase(database: TestDatabase) {
  return createDataSource({ url: secret(database.url), schema: 'vault', migrations: credentialVault.database.migrations, applicationName: 'test' }).initialize();
}

/** A keyring of random keys. */
export function keyringOf(primary: number, keys: Record<number, string>): string {
  return JSON.stringify({ primary, keys });
}

export function randomKey(): string {
  return randomBytes(32).toString('base64');
}

/** A new place, of a new tenant unless told otherwise. */
export function newPlace(more: Partial<CredentialPlace> = {}): CredentialPlace {
  return { tenantId: newId('tenant'), applicationId: newId('application'), credentialId: newId('credential'), provider: 'hetzner', version: 1, ...more };
}

export function termsFor(place: CredentialPlace, more: Partial<LeaseTerms> = {}): LeaseTerms {
  return {
    tenant_id: place.tenantId, application_id: place.applicationId, credential_id: place.credentialId, provider: place.provider,
    purpose: 'write', zone: 'example.com.', fence: '7', connections: [newId('connection')], ...more,
  };
}

function wire(place: CredentialPlace) {
  return { tenant_id: place.tenantId, application_id: place.applicationId, credential_id: place.credentialId, provider: place.provider, version: place.version };
}
