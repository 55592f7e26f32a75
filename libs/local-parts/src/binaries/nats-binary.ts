import { createHash } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder, cacheFolder } from '../cache-folder.js';
import { LocalPartError } from '../local-part-error.js';
import { findProgram, isExecutable, isFetchingAllowed, machineEnvironment, type MachineEnvironment, type Progress } from '../machine.js';
import { unpackedDebianPackages } from './debian-packages.js';
import { natsRelease } from './nats-release.data.js';
import { runTool } from './run-tool.js';

const wayOut = 'Set NATS_SERVER_BIN to the path of a nats-server (2.9 or newer), or NATS_URL to a server that runs.';

/** nats-server on this machine: `NATS_SERVER_BIN`, PATH, the cache, the distribution's package, the project's release. */
export async function findNatsServer(progress: Progress, env: MachineEnvironment = machineEnvironment()): Promise<string> {
  const explicit = env['NATS_SERVER_BIN'];
  if (explicit !== undefined && explicit !== '') {
    if (isExecutable(explicit)) return explicit;
    throw new LocalPartError('binary_missing', `NATS_SERVER_BIN names ${explicit}, which is not a program.`);
  }
  const installed = findProgram('nats-server', env);
  if (installed !== undefined) return installed;
  const fromApt = await fromDebian(progress, env);
  if (typeof fromApt === 'string') return fromApt;
  return fromRelease(progress, env, fromApt);
}

/** The program, or why apt gave none, or undefined where there is no apt. */
async function fromDebian(progress: Progress, env: MachineEnvironment): Promise<string | LocalPartError | undefined> {
  try {
    const folder = await unpackedDebianPackages({ name: 'nats-server', packages: ['nats-server'] }, progress, env);
    return folder === undefined ? undefined : join(folder, 'usr/sbin/nats-server');
  } catch (error) {
    if (error instanceof LocalPartError) return error;
    throw error;
  }
}

/** `linux-amd64`, as the project names its archives. Undefined when no sum is pinned for this platform. */
function archiveName(): string | undefined {
  const name = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  return natsRelease.sha256[name] === undefined ? undefined : name;
}

async function fromRelease(progress: Progress, env: MachineEnvironment, aptError: LocalPartError | undefined): Promise<string> {
  const platform = archiveName();
  if (platform === undefined || !isFetchingAllowed(env)) {
    const why = isFetchingAllowed(env) ? `cannot be fetched for ${process.platform}-${process.arch}` : 'LOCAL_PARTS_OFFLINE forbids fetching it';
    throw new LocalPartError('binary_missing', `nats-server was not found, and ${why}. ${wayOut}`, { logTail: aptError?.message });
  }
  if (aptError !== undefined) progress('apt gave no nats-server; trying the release of its project');
  const name = `nats-server-v${natsRelease.version}-${platform}`;
  const folder = await cachedFolder(cacheFolder(env), name, async (draft) => {
    const url = `https://github.com/nats-io/nats-server/releases/download/v${natsRelease.version}/${name}.tar.gz`;
    progress(`fetching ${url} …`);
    const archive = join(draft, 'archive.tar.gz');
    writeFileSync(archive, await download(url, natsRelease.sha256[platform] as string));
    await runTool('tar', ['-xzf', archive, '-C', draft]);
    renameSync(join(draft, name, 'nats-server'), join(draft, 'nats-server'));
    rmSync(archive);
  });
  return join(folder, 'nats-server');
}

/** Fetches a file and refuses it unless its SHA-256 is the one we pinned. */
export async function download(url: string, sha256: string): Promise<Buffer> {
  const body = await fetchBody(url);
  const seen = createHash('sha256').update(body).digest('hex');
  if (seen === sha256) return body;
  throw new LocalPartError('fetch_failed', `${url} has SHA-256 ${seen}, expected ${sha256}. It was not used. ${wayOut}`);
}

async function fetchBody(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
    throw new LocalPartError('fetch_failed', `${url} answered ${response.status}. ${wayOut}`);
  } catch (error) {
    if (error instanceof LocalPartError) throw error;
    throw new LocalPartError('fetch_failed', `${url} could not be fetched. ${wayOut}`, { cause: error });
  }
}
