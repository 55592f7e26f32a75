import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ignoreFailure, secret } from '@connect/domain';
import { serviceNames, type ServiceName } from '@connect/contracts';
import { freePort, silent, startNats, startPostgres, type Progress } from '@connect/local-parts';
import { busUsers, natsAuthorization, provisionBus } from '@connect/messaging';
import { productSecrets, type ProductSecrets } from './product-secrets.js';
import { databaseRoles, provisionDatabase } from './provision-database.js';
import { migrateService, startServiceProcess, type ServiceProcess } from './service-process.js';

export type LocalProductOptions = {
  /** The repository, where `dist` is. */
  root: string;
  /** Data, logs and secrets; kept between starts. */
  dir: string;
  /** Port of the public API; default: a free one. */
  port?: number;
  innerPort?: number;
  replicas?: Partial<Record<ServiceName, number>>;
  /** Settings for services, over those that the product makes. */
  env?: Partial<Record<ServiceName, Record<string, string>>>;
  /** `false` gives up safety against a power cut for speed: tests only. */
  durable?: boolean;
  progress?: Progress;
};

export type LocalProduct = {
  baseUrl: string;
  innerUrl: string;
  operatorKey: string;
  /** Under the user of another internal service that may publish for all tenants. */
  intakeNatsUrl: string;
  natsUrlOf(user: string): string;
  databaseUrls: Record<ServiceName, string>;
  adminDatabaseUrl: string;
  secrets: ProductSecrets;
  services: ServiceProcess[];
  postgres: { kill(): Promise<void>; restart(): Promise<void>; pid(): number };
  nats: { kill(): Promise<void>; restart(): Promise<void>; deleteStore(): void; pid(): number; url: string };
  /** Starts one more replica, or one in place of a killed one. */
  startService(service: ServiceName, env?: Record<string, string>): Promise<ServiceProcess>;
  stop(): Promise<void>;
};

const database = 'connect_domain';

/** Starts the whole product on this machine from local parts: Postgres, nats-server, and the four services as processes of their own. */
export async function startLocalProduct(options: LocalProductOptions): Promise<LocalProduct> {
  const progress = options.progress ?? silent;
  mkdirSync(options.dir, { recursive: true });
  const secrets = productSecrets(join(options.dir, 'secrets.json'), databaseRoles, busUsers.map((user) => user.name));
  const postgresPort = await freePort();
  const natsPorts = { port: await freePort(), monitoringPort: await freePort() };
  const startDatabase = () => startPostgres({ dir: join(options.dir, 'postgres'), port: postgresPort, password: secrets.postgresPassword, durable: options.durable ?? true, progress });
  const startBus = () => startNats({ dir: join(options.dir, 'nats'), ...natsPorts, config: natsAuthorization(busUsers, secrets.busPasswords), progress });
  let [postgres, nats] = await Promise.all([startDatabase(), startBus()]);
  progress(`Postgres ${postgres.major} and nats-server ${nats.version} are ready`);

  const natsUrlOf = (user: string): string => `nats://${user}:${encodeURIComponent(secrets.busPasswords[user] ?? '')}@${nats.host}:${nats.port}`;
  const [databaseUrls] = await Promise.all([provisionDatabase(postgres.adminUrl, database, secrets.databasePasswords), provisionBus(secret(natsUrlOf('provision')))]);
  const keepProvisioned = provisionAgain(natsUrlOf('provision'));

  const port = options.port ?? (await freePort());
  const envOf = (service: ServiceName): Record<string, string> => ({ ...serviceEnvironment(service, { options, secrets, databaseUrl: databaseUrls[service], natsUrl: natsUrlOf(service), port }), ...options.env?.[service] });
  const logDir = join(options.dir, 'logs');
  const builds = buildsOf(options.root);
  const migrated = join(options.dir, 'migrated-by');
  if (!existsSync(migrated) || readFileSync(migrated, 'utf8') !== builds) {
    await Promise.all(serviceNames.map((service) => migrateService({ service, root: options.root, logDir, env: envOf(service) })));
    writeFileSync(migrated, builds);
    progress('The database is at the newest migration');
  }

  const services: ServiceProcess[] = [];
  let counter = 0;
  async function startService(service: ServiceName, env: Record<string, string> = {}): Promise<ServiceProcess> {
    counter += 1;
    const started = await startServiceProcess({ service, replica: counter, root: options.root, logDir, env: { ...envOf(service), ...env } });
    services.push(started);
    return started;
  }
  const wanted = serviceNames.flatMap((service) => Array.from({ length: options.replicas?.[service] ?? 1 }, () => service));
  await Promise.all(wanted.map((service) => startService(service)));
  progress('The services are ready');

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    innerUrl: services.find((each) => each.service === 'gateway')!.innerUrl,
    operatorKey: secrets.operatorKey,
    intakeNatsUrl: natsUrlOf('intake'),
    natsUrlOf, databaseUrls, secrets, services, startService,
    adminDatabaseUrl: postgres.adminUrl.replace(/\/postgres$/, `/${database}`),
    postgres: { pid: () => postgres.pid, kill: () => postgres.kill(), restart: async () => { postgres = await startDatabase(); } },
    nats: {
      url: nats.url, pid: () => nats.pid, kill: () => nats.kill(), restart: async () => { nats = await startBus(); },
      deleteStore: () => rmSync(join(options.dir, 'nats', 'jetstream'), { recursive: true, force: true }),
    },
    async stop() {
      keepProvisioned.stop();
      await Promise.all(services.map((service) => service.stop()));
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
}

/** Which builds of the services these are: the same ones have migrated already and need not be started for it again. */
function buildsOf(root: string): string {
  return serviceNames.map((service) => `${service} ${statSync(join(root, 'dist', 'apps', service, 'main.js')).mtimeMs}`).join('\n');
}

/** Forgets everything that a local product kept in its folder. */
export function forgetLocalProduct(dir: string): void {
  if (existsSync(dir)) rmSync(dir, { recursive: true, force: true });
}

function serviceEnvironment(service: ServiceName, given: { options: LocalProductOptions; secrets: ProductSecrets; databaseUrl: string; natsUrl: string; port: number }): Record<string, string> {
  const { secrets } = given;
  const common = { NODE_ENV: 'development', DATABASE_URL: given.databaseUrl, NATS_URL: given.natsUrl, INNER_PORT: '0' };
  switch (service) {
    case 'gateway':
      return { ...common, PORT: `${given.port}`, INNER_PORT: `${given.options.innerPort ?? 0}`, OPERATOR_KEY: secrets.operatorKey, KEY_SECRET: secrets.keySecret };
    case 'credential-vault':
      return { ...common, ROOT_KEYRING: secrets.rootKeyring };
    case 'dns-worker':
      return { ...common, BUDGET_SECRET: secrets.budgetSecret };
    case 'verifier':
      return common;
  }
}

/** Makes streams and consumers again when the bus lost them, every second: the job of the provision step in production. */
function provisionAgain(url: string): { stop(): void } {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    provisionBus(secret(url))
      .catch((error: unknown) => ignoreFailure(error, 'the bus is away; the next second tries again'))
      .finally(() => { isRunning = false; });
  }, 1_000);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
