import { Inject, Module, type DynamicModule, type FactoryProvider, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { providers } from '@connect/adapters';
import { createOutgoingPolicy, createProviderTransport, type ProviderTransport } from '@connect/adapters/transport';
import { loadConfig } from '@connect/config';
import { systemClock } from '@connect/domain';
import { Inbox, Outbox, Requests, type ServiceDefinition } from '@connect/messaging';
import { LOGGER, METRICS, type Logger, type Metrics } from '@connect/observability';
import { ApplyConnectionHandler } from './apply-connection/apply-connection.handler.js';
import { assembleWorker } from './assemble-worker.js';
import { CheckCredentialHandler } from './check-credential/check-credential.handler.js';
import { CircuitsHandler } from './circuit/circuits.handler.js';
import { DnsWorkerConfig } from './dns-worker.config.js';
import { AdapterProviderDoor } from './infrastructure/adapter-provider-door.js';
import { DnsWorkerTables1764000000000 } from './infrastructure/migrations/1764000000000-dns-worker-tables.js';
import { HousekeepingTimer } from './infrastructure/housekeeping-timer.js';
import { LooksAndCircuits1764100000000 } from './infrastructure/migrations/1764100000000-looks-and-circuits.js';
import { IntentsOfAZone1764200000000 } from './infrastructure/migrations/1764200000000-intents-of-a-zone.js';
import { PostgresBudgets } from './infrastructure/postgres-budgets.store.js';
import { PostgresCircuits } from './infrastructure/postgres-circuits.store.js';
import { PostgresErrands } from './infrastructure/postgres-errands.store.js';
import { PostgresKnownZones } from './infrastructure/postgres-known-zones.store.js';
import { PostgresLedger } from './infrastructure/postgres-ledger.store.js';
import { PostgresLooks } from './infrastructure/postgres-looks.store.js';
import { PostgresPlans } from './infrastructure/postgres-plans.store.js';
import { PostgresReceipts } from './infrastructure/postgres-receipts.store.js';
import { PostgresTransactions } from './infrastructure/postgres-transactions.js';
import { PostgresWriteFreezes } from './infrastructure/postgres-write-freezes.store.js';
import { PostgresWriteIntents } from './infrastructure/postgres-write-intents.store.js';
import { PostgresZoneTurns } from './infrastructure/postgres-zone-turns.store.js';
import { PostgresZoneWorkStore } from './infrastructure/postgres-zone-work.store.js';
import { random } from './infrastructure/random.js';
import { TestCrashPoints } from './infrastructure/test-crash-points.js';
import { VaultCredentials } from './infrastructure/vault-credentials.js';
import { WorkerMetrics } from './infrastructure/worker-metrics.js';
import { WorkSignals } from './infrastructure/work-signals.js';
import { noCrash, type CrashPoints } from './ports/crash-points.port.js';
import type { ProviderDoor } from './ports/provider-door.port.js';
import type { Tally } from './ports/tally.port.js';
import { PreviewPlanHandler } from './preview-plan/preview-plan.handler.js';
import { ReceiptHandler } from './receipt/receipt.handler.js';
import { RemoveConnectionHandler } from './remove-connection/remove-connection.handler.js';
import { WorkRunner } from './runner/work-runner.js';
import { CIRCUITS, RECEIPTS, WRITE_FREEZES } from './tokens.js';
import { UndoReceiptHandler } from './undo-receipt/undo-receipt.handler.js';
import { WriteFreezesHandler } from './write-freezes/write-freezes.handler.js';
import { TakeCommand } from './zone-work/take-command.use-case.js';

const PROVIDER_TRANSPORT = Symbol('ProviderTransport');
/** For tests: other providers than those of the house. */
export type DnsWorkerOptions = { door?: (dataSource: DataSource, tally: Tally) => ProviderDoor };

/** The only file that knows ports and infrastructure both. */
@Module({})
export class DnsWorkerModule implements OnApplicationShutdown {
  constructor(@Inject(PROVIDER_TRANSPORT) private readonly transport: ProviderTransport) {}

  static forRoot(config: DnsWorkerConfig, options: DnsWorkerOptions = {}): DynamicModule {
    return {
      module: DnsWorkerModule,
      controllers: [ApplyConnectionHandler, RemoveConnectionHandler, UndoReceiptHandler, PreviewPlanHandler, CheckCredentialHandler, ReceiptHandler, CircuitsHandler, WriteFreezesHandler],
      providers: [...answering, ...working(config, options)],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }
}

/** What `main.ts` runs. */
export const dnsWorker: ServiceDefinition<DnsWorkerConfig> = {
  service: 'dns-worker',
  config: (env) => loadConfig(DnsWorkerConfig, env),
  database: { schema: 'dns_worker', migrations: [DnsWorkerTables1764000000000, LooksAndCircuits1764100000000, IntentsOfAZone1764200000000] },
  module: (config) => DnsWorkerModule.forRoot(config),
};

const answering: FactoryProvider[] = [
  { provide: RECEIPTS, inject: [DataSource], useFactory: (dataSource: DataSource) => new PostgresReceipts(dataSource) },
  { provide: CIRCUITS, inject: [DataSource], useFactory: (dataSource: DataSource) => new PostgresCircuits(dataSource) },
  { provide: WRITE_FREEZES, inject: [DataSource], useFactory: (dataSource: DataSource) => new PostgresWriteFreezes(dataSource) },
];

const writtenWhole = [...providers.values()].map(({ descriptor }) => descriptor).filter(({ granularity }) => granularity === 'zone').map(({ id }) => id);

function crashPoints({ CRASH_POINT, PAUSE_POINT }: DnsWorkerConfig): CrashPoints {
  if (CRASH_POINT !== undefined) return new TestCrashPoints(CRASH_POINT, 'SIGKILL');
  return PAUSE_POINT === undefined ? noCrash : new TestCrashPoints(PAUSE_POINT, 'SIGSTOP');
}

function working(config: DnsWorkerConfig, options: DnsWorkerOptions): FactoryProvider[] {
  const crash = crashPoints(config);
  return [
    { provide: PROVIDER_TRANSPORT, useFactory: () => createProviderTransport({ policy: createOutgoingPolicy({ allow: config.OUTGOING_ALLOW }), reroute: config.PROVIDER_REROUTE }) },
    { provide: WorkerMetrics, inject: [METRICS, DataSource], useFactory: (metrics: Metrics, dataSource: DataSource) => new WorkerMetrics(metrics, dataSource) },
    {
      provide: WorkRunner,
      inject: [DataSource, Outbox, Requests, PROVIDER_TRANSPORT, LOGGER, WorkerMetrics],
      useFactory: (dataSource: DataSource, outbox: Outbox, requests: Requests, transport: ProviderTransport, log: Logger, tally: WorkerMetrics) => assembleWorker({
        transactions: new PostgresTransactions(dataSource),
        turns: new PostgresZoneTurns(dataSource, systemClock, writtenWhole),
        works: new PostgresZoneWorkStore(dataSource),
        errands: new PostgresErrands(dataSource),
        zones: new PostgresKnownZones(dataSource),
        plans: new PostgresPlans(dataSource),
        intents: new PostgresWriteIntents(dataSource),
        looks: new PostgresLooks(dataSource),
        ledger: new PostgresLedger(dataSource),
        receipts: new PostgresReceipts(dataSource),
        freezes: new PostgresWriteFreezes(dataSource),
        credentials: new VaultCredentials(requests, systemClock),
        door: options.door?.(dataSource, tally) ?? new AdapterProviderDoor(transport, { budgets: new PostgresBudgets(dataSource), circuits: new PostgresCircuits(dataSource) }, { budgetSecret: config.BUDGET_SECRET, clock: systemClock, tally }),
        outbox, clock: systemClock, random, crash, log, tally,
        concurrentZones: config.CONCURRENT_ZONES,
      }),
    },
    { provide: HousekeepingTimer, inject: [DataSource, LOGGER], useFactory: (dataSource: DataSource, log: Logger) => new HousekeepingTimer(dataSource, log) },
    { provide: WorkSignals, inject: [WorkRunner, DataSource], useFactory: (runner: WorkRunner, dataSource: DataSource) => new WorkSignals(runner, dataSource, config.DATABASE_URL) },
    {
      provide: TakeCommand,
      inject: [DataSource, Inbox, Outbox, WorkSignals],
      useFactory: (dataSource: DataSource, inbox: Inbox, outbox: Outbox, signals: WorkSignals) => new TakeCommand(new PostgresTransactions(dataSource), inbox, new PostgresZoneWorkStore(dataSource), outbox, signals),
    },
  ];
}
