import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { loadConfig } from '@connect/config';
import { systemClock } from '@connect/domain';
import { Inbox, Outbox, type ServiceDefinition } from '@connect/messaging';
import { LOGGER, type Logger } from '@connect/observability';
import { AuditTrailHandler } from './audit-trail/audit-trail.handler.js';
import { AuditTrail } from './audit-trail/audit-trail.use-case.js';
import { CredentialVaultConfig } from './credential-vault.config.js';
import { DestroyCredentialHandler } from './destroy-credential/destroy-credential.handler.js';
import { DestroyCredential } from './destroy-credential/destroy-credential.use-case.js';
import { Housekeeping } from './housekeeping/housekeeping.js';
import { HousekeepingTimer } from './housekeeping/housekeeping-timer.js';
import { VaultTables1764000000000 } from './infrastructure/migrations/1764000000000-vault-tables.js';
import { PostgresAuditLog } from './infrastructure/postgres-audit.store.js';
import { PostgresLeaseLedger } from './infrastructure/postgres-lease.store.js';
import { PostgresTransportKeyStore } from './infrastructure/postgres-transport-key.store.js';
import { PostgresVaultStore } from './infrastructure/postgres-vault.store.js';
import { PostgresWrappedKeys } from './infrastructure/postgres-wrapped-keys.store.js';
import { readRootKeyring } from './infrastructure/read-root-keyring.js';
import type { RootKeyring } from './keyring/root-keyring.js';
import { TenantKeys } from './keyring/tenant-keys.js';
import { LeaseCredentialHandler } from './lease-credential/lease-credential.handler.js';
import { LeaseCredential } from './lease-credential/lease-credential.use-case.js';
import { AUDIT_LOG, type AuditLog } from './ports/audit-log.port.js';
import { LEASE_LEDGER, type LeaseLedger } from './ports/lease-ledger.port.js';
import { TRANSPORT_KEY_STORE, type TransportKeyStore } from './ports/transport-key-store.port.js';
import { VAULT_STORE, type VaultStore } from './ports/vault-store.port.js';
import { WRAPPED_KEYS, type WrappedKeys } from './ports/wrapped-keys.port.js';
import { RewrapKeys } from './rewrap-keys/rewrap-keys.use-case.js';
import { SealKeyHandler } from './seal-key/seal-key.handler.js';
import { StoreCredentialHandler } from './store-credential/store-credential.handler.js';
import { StoreCredential } from './store-credential/store-credential.use-case.js';
import { TransportKeys } from './transport-keys/transport-keys.js';

const daySeconds = 86_400;
/** A gateway that sealed to the key before asks for the new one at once when it hears `key_unknown`; this spares it the second try. */
const acceptOldTransportKeysSeconds = daySeconds;

/** The only file that knows ports and infrastructure both. */
@Module({})
export class CredentialVaultModule {
  static forRoot(config: CredentialVaultConfig): DynamicModule {
    return {
      module: CredentialVaultModule,
      controllers: [SealKeyHandler, StoreCredentialHandler, LeaseCredentialHandler, DestroyCredentialHandler, AuditTrailHandler],
      providers: [...stores, ...actions(config, readRootKeyring(config))],
    };
  }
}

/** What `main.ts` runs. */
export const credentialVault: ServiceDefinition<CredentialVaultConfig> = {
  service: 'credential-vault',
  config: (env) => loadConfig(CredentialVaultConfig, env),
  database: { schema: 'vault', migrations: [VaultTables1764000000000] },
  module: (config) => CredentialVaultModule.forRoot(config),
};

const stores: FactoryProvider[] = [
  {
    provide: VAULT_STORE,
    inject: [DataSource, Outbox, Inbox],
    useFactory: (dataSource: DataSource, outbox: Outbox, inbox: Inbox): VaultStore => new PostgresVaultStore(dataSource, (tx) => ({
      firstTime: (consumer, messageId) => inbox.firstTime(tx, consumer, messageId),
      tell: (message) => outbox.add(tx, message),
    })),
  },
  { provide: LEASE_LEDGER, inject: [DataSource], useFactory: (dataSource: DataSource): LeaseLedger => new PostgresLeaseLedger(dataSource) },
  { provide: TRANSPORT_KEY_STORE, inject: [DataSource], useFactory: (dataSource: DataSource): TransportKeyStore => new PostgresTransportKeyStore(dataSource) },
  { provide: WRAPPED_KEYS, inject: [DataSource], useFactory: (dataSource: DataSource): WrappedKeys => new PostgresWrappedKeys(dataSource) },
  { provide: AUDIT_LOG, inject: [DataSource], useFactory: (dataSource: DataSource): AuditLog => new PostgresAuditLog(dataSource) },
];

function actions(config: CredentialVaultConfig, root: RootKeyring): FactoryProvider[] {
  const cache = { keepMs: config.TENANT_KEY_CACHE_SECONDS * 1000, most: config.TENANT_KEY_CACHE_SIZE };
  const rotation = { rotateAfterSeconds: config.TRANSPORT_KEY_DAYS * daySeconds, acceptForSeconds: acceptOldTransportKeysSeconds };
  return [
    { provide: TenantKeys, useFactory: () => new TenantKeys(root, systemClock, cache) },
    { provide: TransportKeys, inject: [TRANSPORT_KEY_STORE], useFactory: (store: TransportKeyStore) => new TransportKeys(store, root, systemClock, rotation) },
    { provide: RewrapKeys, inject: [WRAPPED_KEYS], useFactory: (keys: WrappedKeys) => new RewrapKeys(keys, root) },
    { provide: StoreCredential, inject: [VAULT_STORE, TransportKeys, TenantKeys], useFactory: (...given: ConstructorParameters<typeof StoreCredential>) => new StoreCredential(...given) },
    { provide: LeaseCredential, inject: [LEASE_LEDGER, TenantKeys], useFactory: (...given: ConstructorParameters<typeof LeaseCredential>) => new LeaseCredential(...given) },
    { provide: DestroyCredential, inject: [VAULT_STORE], useFactory: (store: VaultStore) => new DestroyCredential(store, systemClock) },
    { provide: AuditTrail, inject: [AUDIT_LOG], useFactory: (log: AuditLog) => new AuditTrail(log) },
    {
      provide: HousekeepingTimer,
      inject: [RewrapKeys, TransportKeys, TenantKeys, AUDIT_LOG, LOGGER],
      useFactory: (rewrapKeys: RewrapKeys, transportKeys: TransportKeys, tenantKeys: TenantKeys, audit: AuditLog, log: Logger) =>
        new HousekeepingTimer(new Housekeeping(rewrapKeys, transportKeys, tenantKeys, audit, { auditDays: config.AUDIT_DAYS, log }), rewrapKeys),
    },
  ];
}
