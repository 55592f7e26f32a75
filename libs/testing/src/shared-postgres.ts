import { isDockerThere, sayOnce, type Origin } from './docker.js';
import { sweepTemporaryFolders, temporaryFolder } from './temporary-folder.js';

export interface SharedPostgres {
  adminUrl: string;
  origin: Origin;
  stop(): Promise<void>;
}

/** One Postgres for a whole test run: `DATABASE_URL`, else Docker if it is there and has the image, else a program of this machine. */
export async function startSharedPostgres(): Promise<SharedPostgres> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    sayOnce('Postgres given by DATABASE_URL');
    return { adminUrl: given, origin: 'given by URL', stop: async () => {} };
  }
  return (await fromDocker()) ?? fromLocalParts();
}

async function fromDocker(): Promise<SharedPostgres | undefined> {
  if (!(await isDockerThere())) return undefined;
  try {
    const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
    const container = await new PostgreSqlContainer('postgres:15').withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=300']).start();
    sayOnce('Postgres in Docker (postgres:15)');
    return { adminUrl: container.getConnectionUri(), origin: 'Docker', stop: async () => void (await container.stop()) };
  } catch (error) {
    sayOnce(`Docker answers but gave no Postgres (${(error as Error).message}); taking a local program`);
    return undefined;
  }
}

async function fromLocalParts(): Promise<SharedPostgres> {
  const { startPostgres } = await import('@connect/local-parts');
  sweepTemporaryFolders();
  const folder = temporaryFolder('postgres');
  const server = await startPostgres({ dir: folder.path, durable: false, progress: sayOnce });
  sayOnce(`Postgres ${server.major} as a local program`);
  return {
    adminUrl: server.adminUrl,
    origin: 'local program',
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}
