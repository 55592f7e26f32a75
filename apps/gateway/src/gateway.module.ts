import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '@connect/config';
import { systemClock, type Clock } from '@connect/domain';
import type { ServiceDefinition } from '@connect/messaging';
import { LOGGER, type Logger } from '@connect/observability';
import { ApprovePlan } from './connections/approve-plan.use-case.js';
import { ChangeConnection } from './connections/change-connection.js';
import { CreateConnection } from './connections/create-connection.use-case.js';
import { ChangesAppliedHandler } from './connections/facts/changes-applied.handler.js';
import { ConnectionRemovedHandler } from './connections/facts/connection-removed.handler.js';
import { CredentialCheckedHandler } from './connections/facts/credential-checked.handler.js';
import { CredentialDestroyedHandler } from './connections/facts/credential-destroyed.handler.js';
import { DomainDetectedHandler } from './connections/facts/domain-detected.handler.js';
import { PlanMadeHandler } from './connections/facts/plan-made.handler.js';
import { ReceiptAmendedHandler } from './connections/facts/receipt-amended.handler.js';
import { TakeFact } from './connections/facts/take-fact.js';
import { VerdictReachedHandler } from './connections/facts/verdict-reached.handler.js';
import { WorkDelayedHandler } from './connections/facts/work-delayed.handler.js';
import { WorkRefusedHandler } from './connections/facts/work-refused.handler.js';
import { PreviewPlan } from './connections/preview-plan.use-case.js';
import { RemoveConnection } from './connections/remove-connection.use-case.js';
import { ResumeWaiting } from './connections/resume-waiting.js';
import { RetryConnection } from './connections/retry-connection.use-case.js';
import { SetupChoice } from './connections/setup-choice.js';
import { Housekeeping } from './connections/sweeper/housekeeping.js';
import { SweepConnections } from './connections/sweeper/sweep-connections.use-case.js';
import { Sweeper, SWEEP_EVERY_MS } from './connections/sweeper/sweeper.js';
import { UndoReceipt } from './connections/undo-receipt.use-case.js';
import { UpdateConnection } from './connections/update-connection.use-case.js';
import { VerifyConnection } from './connections/verify-connection.use-case.js';
import { WaitUntilSettled } from './connections/wait-until-settled.js';
import { CheckCredential, DestroyCredential } from './credentials/end-credential.use-case.js';
import { ReplaceCredential } from './credentials/replace-credential.use-case.js';
import { StoreCredential } from './credentials/store-credential.use-case.js';
import { GatewayConfig } from './gateway.config.js';
import { ConnectionAction } from './http/connections/connection-action.js';
import { EventStreams } from './http/connections/event-streams.js';
import { AnswerInterceptor } from './http/edge/answer.js';
import { describeApi } from './http/edge/api-description.js';
import { ApiKeyGuard } from './http/edge/api-key.guard.js';
import { OperatorGuard, OPERATOR_KEY } from './http/edge/operator.guard.js';
import { fastifyOptions, prepareEdge } from './http/edge/prepare-edge.js';
import { ProblemFilter } from './http/edge/problem.filter.js';
import { publicEndpoints } from './http/endpoints.js';
import { Once } from './idempotency/once.js';
import { BusCircuits } from './infrastructure/bus-circuits.js';
import { BusDeadLetters } from './infrastructure/bus-dead-letters.js';
import { BusOwners } from './infrastructure/bus-owners.js';
import { BusWriteFreezes } from './infrastructure/bus-write-freezes.js';
import { CatalogueProviders } from './infrastructure/catalogue-providers.js';
import { First1764000000000 } from './infrastructure/migrations/1764000000000-first.js';
import { VerdictFindings1764100000000 } from './infrastructure/migrations/1764100000000-verdict-findings.js';
import { BlockedRemovals1764200000000 } from './infrastructure/migrations/1764200000000-blocked-removals.js';
import { NotifiedMovements } from './infrastructure/notified-movements.js';
import { NotifiedRevocations } from './infrastructure/notified-revocations.js';
import { LISTENER_URL, Notifications } from './infrastructure/notifications.js';
import { PostgresApplicationStore } from './infrastructure/postgres-applications.store.js';
import { PostgresClaimStore } from './infrastructure/postgres-claims.store.js';
import { PostgresConnectionStore } from './infrastructure/postgres-connections.store.js';
import { PostgresCredentialStore } from './infrastructure/postgres-credentials.store.js';
import { PostgresIdempotency } from './infrastructure/postgres-idempotency.js';
import { PostgresIntakeStore } from './infrastructure/postgres-intake.store.js';
import { PostgresKeyStore, PostgresTenantStore } from './infrastructure/postgres-keys.store.js';
import { SealingVault } from './infrastructure/sealing-vault.js';
import { TypeormDatabase } from './infrastructure/typeorm-database.js';
import { ConnectHandler } from './intake/connect.handler.js';
import { DisconnectHandler } from './intake/disconnect.handler.js';
import { TakeIntake } from './intake/take-intake.js';
import { innerApi } from './inner-api.module.js';
import { Authenticate } from './keys/authenticate.use-case.js';
import { CreateKey, KEY_SECRET } from './keys/create-key.use-case.js';
import { ApplicationStore } from './ports/application-store.port.js';
import { Circuits } from './ports/circuits.port.js';
import { ClaimStore } from './ports/claim-store.port.js';
import { CLOCK } from './ports/clock.port.js';
import { ConnectionStore } from './ports/connection-store.port.js';
import { CredentialStore } from './ports/credential-store.port.js';
import { Database } from './ports/database.port.js';
import { DeadLetters } from './ports/dead-letters.port.js';
import { Idempotency } from './ports/idempotency.port.js';
import { IntakeStore } from './ports/intake-store.port.js';
import { KeyStore, TenantStore } from './ports/key-store.port.js';
import { Movements } from './ports/movements.port.js';
import { Owners } from './ports/owners.port.js';
import { Providers } from './ports/providers.port.js';
import { Revocations } from './ports/revocations.port.js';
import { Vault } from './ports/vault.port.js';
import { WriteFreezes } from './ports/write-freezes.port.js';
import { RateLimits } from './rate-limits/rate-limits.js';

const ports: Provider[] = [
  { provide: Database, useClass: TypeormDatabase },
  { provide: ConnectionStore, useClass: PostgresConnectionStore },
  { provide: ClaimStore, useClass: PostgresClaimStore },
  { provide: ApplicationStore, useClass: PostgresApplicationStore },
  { provide: CredentialStore, useClass: PostgresCredentialStore },
  { provide: KeyStore, useClass: PostgresKeyStore },
  { provide: TenantStore, useClass: PostgresTenantStore },
  { provide: Idempotency, useClass: PostgresIdempotency },
  { provide: IntakeStore, useClass: PostgresIntakeStore },
  { provide: Movements, useClass: NotifiedMovements },
  { provide: Owners, useClass: BusOwners },
  { provide: Revocations, useClass: NotifiedRevocations },
  { provide: Vault, useClass: SealingVault },
  { provide: Circuits, useClass: BusCircuits },
  { provide: WriteFreezes, useClass: BusWriteFreezes },
  { provide: DeadLetters, useClass: BusDeadLetters },
];
const useCases = [
  CreateConnection, RetryConnection, UpdateConnection, ApprovePlan, UndoReceipt, PreviewPlan, VerifyConnection, RemoveConnection, ChangeConnection, SetupChoice, ResumeWaiting, WaitUntilSettled, TakeFact, SweepConnections,
  Housekeeping, Sweeper, StoreCredential, ReplaceCredential, DestroyCredential, CheckCredential, CreateKey, Authenticate, Once, TakeIntake,
];
const edge = [ConnectionAction, EventStreams, ApiKeyGuard, OperatorGuard, ProblemFilter, AnswerInterceptor];
const handlers = [
  PlanMadeHandler, ChangesAppliedHandler, ReceiptAmendedHandler, ConnectionRemovedHandler, WorkRefusedHandler, WorkDelayedHandler, DomainDetectedHandler, VerdictReachedHandler, CredentialCheckedHandler,
  CredentialDestroyedHandler, ConnectHandler, DisconnectHandler,
];

@Module({})
export class GatewayModule {
  static forRoot(config: GatewayConfig, clock: Clock = systemClock): DynamicModule {
    const settings: Provider[] = [
      { provide: CLOCK, useValue: clock },
      { provide: KEY_SECRET, useValue: config.KEY_SECRET },
      { provide: OPERATOR_KEY, useValue: config.OPERATOR_KEY },
      { provide: SWEEP_EVERY_MS, useValue: config.SWEEP_EVERY_MS },
      { provide: Providers, useValue: new CatalogueProviders(config.EGRESS_ADDRESSES) },
      { provide: RateLimits, useValue: new RateLimits({ perKey: config.RATE_LIMIT_PER_MINUTE, unknownKeys: config.UNKNOWN_KEYS_PER_MINUTE }, clock) },
      { provide: LISTENER_URL, useValue: config.DATABASE_URL },
    ];
    return { module: GatewayModule, controllers: [...publicEndpoints, ...handlers], providers: [...settings, ...ports, ...useCases, ...edge, Notifications] };
  }
}

/** The gateway as a service: public port, inner port, consumers, relay, sweeper. */
export function gatewayService(clock: Clock = systemClock): ServiceDefinition<GatewayConfig> {
  return {
    service: 'gateway',
    config: (env) => loadConfig(GatewayConfig, env),
    database: { schema: 'gateway', migrations: [First1764000000000, VerdictFindings1764100000000, BlockedRemovals1764200000000] },
    module: (config) => GatewayModule.forRoot(config, clock),
    http: (config) => ({ address: config.ADDRESS, port: config.PORT, fastify: { ...fastifyOptions({ trustedProxies: config.TRUSTED_PROXIES }) }, prepare: (app) => prepare(app, config) }),
    innerRoutes: (app) => [innerApi(app)],
  };
}

function prepare(app: NestFastifyApplication, config: GatewayConfig): void {
  prepareEdge(app, app.get<Logger>(LOGGER), app.get(ApiKeyGuard));
  describeApi(app, { pages: config.DOCS });
}
