import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPostgres, type PostgresBinaries } from './binaries/postgres-binaries.js';
import { runTool } from './binaries/run-tool.js';
import { freePort, requireFreePort } from './free-port.js';
import { LocalPartError } from './local-part-error.js';
import { isReachableByOthers, isRoot, nobody, silent, type MachineEnvironment, type Progress, type UnprivilegedUser } from './machine.js';
import { startServerProcess, type ServerProcess } from './server-process.js';

export interface StartPostgresOptions {
  /** Data and log live here and are found again at the next start. */
  dir: string;
  port?: number;
  /** Of the superuser `app`. It is set when the data folder is made; without one it is drawn, and kept in `dir`. */
  password?: string;
  /** `false` gives up safety against a power cut for speed. Only for data that may be lost. */
  durable?: boolean;
  progress?: Progress;
  env?: MachineEnvironment;
}

export interface RunningPostgres extends Omit<ServerProcess, 'ended'> {
  /** `postgres://app:…@127.0.0.1:<port>/postgres`, a superuser. */
  adminUrl: string;
  port: number;
  major: number;
}

const superuser = 'app';

/** Starts Postgres on 127.0.0.1 with data in `dir`. As root it runs as `nobody`, because Postgres refuses root. */
export async function startPostgres(options: StartPostgresOptions): Promise<RunningPostgres> {
  const progress = options.progress ?? silent;
  const user = serverUser();
  const dir = dataHome(resolve(options.dir), user, progress);
  const data = join(dir, 'data');
  const binaries = await findPostgres(progress, { major: majorOf(data), env: options.env });
  const password = await prepareData(dir, data, binaries, user, options.password, progress);
  const port = options.port ?? (await freePort());
  await requireFreePort('Postgres', port);
  const server = await startPatiently(() => startServerProcess({
    name: 'Postgres', dir, user, stopSignal: 'SIGINT',
    program: join(binaries.binFolder, 'postgres'),
    args: ['-D', data, '-p', `${port}`, ...settings(options.durable ?? true)],
    isReady: (log) => log.includes('ready to accept connections'),
    readyTimeoutMs: 60_000, // after a power cut it replays its log first
  }));
  const { ended: _ended, ...handle } = server;
  return { ...handle, port, major: binaries.major, adminUrl: `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres` };
}

function settings(durable: boolean): string[] {
  const always = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '300', timezone: 'UTC', log_timezone: 'UTC' };
  const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum_naptime: '3600' };
  return Object.entries(durable ? always : { ...always, ...fast }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** After SIGKILL of the first process its children need a moment to notice; until then Postgres refuses the data folder. */
async function startPatiently(start: () => Promise<ServerProcess>): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      const isOldOneEnding = error instanceof LocalPartError && error.logTail.includes('shared memory block');
      if (!isOldOneEnding || attempt === 50) throw error;
      await pause(100);
    }
  }
}

function serverUser(): UnprivilegedUser | undefined {
  if (!isRoot()) return undefined;
  const user = nobody();
  if (user !== undefined) return user;
  throw new LocalPartError('start_failed', 'Postgres does not run as root, and this machine has no user "nobody" to run it as. Start as another user, or set DATABASE_URL.');
}

/** As root the server runs as another user, who cannot get at a folder below /root: such data live under /var/lib instead. */
function dataHome(dir: string, user: UnprivilegedUser | undefined, progress: Progress): string {
  if (user === undefined || isReachableByOthers(join(dir, 'data'))) return dir;
  if (!existsSync(dir)) {
    mkdirSync(dir, { recursive: true, mode: 0o755 });
    if (isReachableByOthers(join(dir, 'data'))) return dir;
  }
  const other = `/var/lib/connect-domain/postgres-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`;
  progress(`the user Postgres runs as cannot reach ${dir}; its data are in ${other}`);
  return other;
}

function majorOf(data: string): number | undefined {
  const file = join(data, 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : undefined;
}

/** Makes the data folder if there is none, in one step, and returns the superuser's password. */
async function prepareData(
  dir: string, data: string, binaries: PostgresBinaries, user: UnprivilegedUser | undefined, wanted: string | undefined, progress: Progress,
): Promise<string> {
  const passwordFile = join(dir, 'superuser-password');
  if (existsSync(data)) return knownPassword(passwordFile, wanted, dir);
  progress(`making a database folder (Postgres ${binaries.major}, ${binaries.source}) …`);
  const password = wanted ?? randomBytes(24).toString('base64url');
  const draft = join(dir, `data.draft-${process.pid}`);
  const draftPassword = join(draft, 'pw');
  mkdirSync(draft, { recursive: true });
  try {
    writeFileSync(draftPassword, password, { mode: 0o600 });
    if (user !== undefined) for (const path of [draft, draftPassword]) chownSync(path, user.uid, user.gid);
    await runTool(join(binaries.binFolder, 'initdb'), [
      '-D', join(draft, 'data'), '-U', superuser, '--pwfile', draftPassword, '-A', 'scram-sha-256', '-E', 'UTF8', '--no-locale', '--no-sync',
    ], { user }, 'start_failed');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    renameSync(join(draft, 'data'), data);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return password;
}

function knownPassword(file: string, wanted: string | undefined, dir: string): string {
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : wanted;
  if (kept !== undefined && (wanted === undefined || wanted === kept)) return kept;
  throw new LocalPartError('start_failed', `The database in ${dir} was made with another password than the one given now. Use that one, or remove the folder to begin again.`);
}
