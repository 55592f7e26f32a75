import { connect, type NatsConnection } from '@nats-io/transport-node';
import { isDockerThere, sayOnce, type Origin } from './docker.js';
import { temporaryFolder } from './temporary-folder.js';

export interface TestBus {
  /** `nats://127.0.0.1:<port>` */
  url: string;
  origin: Origin;
  /** A connection; it is closed by `stop`. `options` as for nats.js: user and pass, inboxPrefix. */
  connect(options?: Parameters<typeof connect>[0]): Promise<NatsConnection>;
  stop(): Promise<void>;
}

type Started = Pick<TestBus, 'url' | 'origin' | 'stop'>;

/**
 * A nats-server with JetStream for one test file. `config` is nats-server configuration text (users, permissions). A
 * server given by `NATS_URL` is taken only where no configuration is asked for, since it has its own.
 */
export async function testBus(options: { config?: string } = {}): Promise<TestBus> {
  const started = (await fromUrl(options.config)) ?? (await fromDocker(options.config ?? '')) ?? (await fromLocalParts(options.config ?? ''));
  const connections: NatsConnection[] = [];
  return {
    ...started,
    connect: async (more) => {
      const connection = await connect({ servers: started.url, ...more });
      connections.push(connection);
      return connection;
    },
    stop: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
      await started.stop();
    },
  };
}

async function fromUrl(config: string | undefined): Promise<Started | undefined> {
  const url = process.env['NATS_URL'];
  if (url === undefined || url === '' || config !== undefined) return undefined;
  sayOnce('nats-server given by NATS_URL');
  return { url, origin: 'given by URL', stop: async () => {} };
}

async function fromDocker(config: string): Promise<Started | undefined> {
  if (!(await isDockerThere())) return undefined;
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    const content = `listen: "0.0.0.0:4222"\nhttp: "0.0.0.0:8222"\njetstream { store_dir: "/data" }\n${config}\n`;
    const container = await new GenericContainer('nats:2.10')
      .withCopyContentToContainer([{ content, target: '/etc/nats-test.conf' }])
      .withCommand(['-c', '/etc/nats-test.conf'])
      .withExposedPorts(4222, 8222)
      .withWaitStrategy(Wait.forHttp('/healthz', 8222))
      .start();
    sayOnce('nats-server in Docker (nats:2.10)');
    const url = `nats://${container.getHost()}:${container.getMappedPort(4222)}`;
    return { url, origin: 'Docker', stop: async () => void (await container.stop()) };
  } catch (error) {
    sayOnce(`Docker answers but gave no nats-server (${(error as Error).message}); taking a local program`);
    return undefined;
  }
}

async function fromLocalParts(config: string): Promise<Started> {
  const { startNats } = await import('@connect/local-parts');
  const folder = temporaryFolder('nats');
  const server = await startNats({ dir: folder.path, config, progress: sayOnce });
  sayOnce(`nats-server ${server.version} as a local program`);
  return {
    url: server.url,
    origin: 'local program',
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}
