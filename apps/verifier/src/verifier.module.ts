import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { providerIdForNameServer } from '@connect/adapters/catalogue';
import { createOutgoingPolicy } from '@connect/adapters/transport';
import { loadConfig } from '@connect/config';
import { systemClock } from '@connect/domain';
import { Inbox, Outbox, type ServiceDefinition } from '@connect/messaging';
import { LOGGER, type Logger } from '@connect/observability';
import { PropagationCheck } from './check/propagation-check.js';
import { ChainOfTrust } from './diagnosis/chain-of-trust.js';
import { Diagnose } from './diagnosis/diagnose.js';
import { WildcardProbe } from './diagnosis/wildcard-probe.js';
import { DetectDomainHandler } from './detect/detect-domain.handler.js';
import { DetectDomain } from './detect/detect-domain.use-case.js';
import { EvidenceHandler } from './evidence/evidence.handler.js';
import { DnsNameServerAsker } from './infrastructure/dns-name-server-asker.js';
import { DnsResolverAsker } from './infrastructure/dns-resolver-asker.js';
import { WatchTable1764000000000 } from './infrastructure/migrations/1764000000000-watch-table.js';
import { WatchTold1764100000000 } from './infrastructure/migrations/1764100000000-watch-told.js';
import { PostgresWatchStore } from './infrastructure/postgres-watch.store.js';
import { RunningWatches } from './infrastructure/running-watches.js';
import type { WatchStore } from './ports/watch-store.port.js';
import { CLOCK, CONFIG, WATCH_STORE } from './tokens.js';
import { VerifierConfig } from './verifier.config.js';
import { DelegationCache } from './walk/delegation-cache.js';
import { WalkFromRoot } from './walk/walk-from-root.js';
import { LookAtWatch } from './watches/look-at-watch.use-case.js';
import { UnwatchConnectionHandler } from './watches/unwatch-connection.handler.js';
import { WatchConnectionHandler } from './watches/watch-connection.handler.js';
import { WatchRunner } from './watches/watch-runner.js';

/** The only file that knows ports and infrastructure both. */
@Module({})
export class VerifierModule {
  static forRoot(config: VerifierConfig): DynamicModule {
    return {
      module: VerifierModule,
      controllers: [WatchConnectionHandler, UnwatchConnectionHandler, DetectDomainHandler, EvidenceHandler],
      providers: [{ provide: CONFIG, useValue: config }, { provide: CLOCK, useValue: systemClock }, ...looking(config), ...watching(config)],
    };
  }
}

/** What `main.ts` runs. */
export const verifier: ServiceDefinition<VerifierConfig> = {
  service: 'verifier',
  config: (env) => loadConfig(VerifierConfig, env),
  database: { schema: 'verifier', migrations: [WatchTable1764000000000, WatchTold1764100000000] },
  module: (config) => VerifierModule.forRoot(config),
};

function looking(config: VerifierConfig): FactoryProvider[] {
  const policy = createOutgoingPolicy({ allow: config.OUTGOING_ALLOW });
  const roots = config.DNS_ROOTS.map((root) => root.address);
  const ports = { ...Object.fromEntries(config.DNS_ROOTS.filter((root) => root.port !== 53).map((root) => [root.address, root.port])), ...config.DNS_PORT_MAP };
  const asker = new DnsNameServerAsker(policy, ports, systemClock);
  const walk = new WalkFromRoot(asker, roots, new DelegationCache(systemClock));
  const resolvers = new DnsResolverAsker(config.RESOLVERS.map(({ address, port }) => ({ ip: address, port })));
  return [
    { provide: PropagationCheck, useFactory: () => new PropagationCheck(walk, asker, roots, systemClock) },
    { provide: Diagnose, useFactory: () => new Diagnose(new WildcardProbe(asker, systemClock), new ChainOfTrust(asker, systemClock), resolvers) },
    { provide: DetectDomain, useFactory: () => new DetectDomain(walk, asker, providersOf, systemClock) },
  ];
}

function watching(config: VerifierConfig): FactoryProvider[] {
  return [
    { provide: WATCH_STORE, inject: [DataSource, Inbox, Outbox], useFactory: (...given: ConstructorParameters<typeof PostgresWatchStore>): WatchStore => new PostgresWatchStore(...given) },
    { provide: LookAtWatch, inject: [PropagationCheck, Diagnose, WATCH_STORE], useFactory: (check: PropagationCheck, diagnose: Diagnose, store: WatchStore) => new LookAtWatch(check, diagnose, store, systemClock) },
    {
      provide: WatchRunner,
      inject: [WATCH_STORE, LookAtWatch, LOGGER],
      useFactory: (store: WatchStore, look: LookAtWatch, log: Logger) => new WatchRunner(store, look, config.CONCURRENT_LOOKS, (error) => log.warn({ err: error }, 'a look failed and is tried again')),
    },
    { provide: RunningWatches, inject: [WatchRunner], useFactory: (runner: WatchRunner) => new RunningWatches(runner) },
  ];
}

/** The providers of a zone's name servers, each once; a zone at two providers has both. */
function providersOf(nameServers: readonly string[]): string[] {
  return [...new Set(nameServers.map(providerIdForNameServer).filter((id) => id !== null))];
}
