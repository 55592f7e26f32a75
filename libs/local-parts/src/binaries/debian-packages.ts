import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cachedFolder, cacheFolder } from '../cache-folder.js';
import { LocalPartError } from '../local-part-error.js';
import { findProgram, isFetchingAllowed, type MachineEnvironment, type Progress } from '../machine.js';
import { runTool } from './run-tool.js';

export interface PackageSet {
  /** Name of the set in the cache. */
  name: string;
  packages: readonly string[];
}

/** Debian's multiarch name of this machine, where libraries lie: `usr/lib/<triplet>`. */
export const debianTriplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string] ?? `${process.arch}-linux-gnu`;

/** True where packages can be had without being root and without installing: Debian, Ubuntu and their children. */
function hasDebianPackages(env: MachineEnvironment): boolean {
  return process.platform === 'linux' && isFetchingAllowed(env) && ['apt-get', 'dpkg'].every((program) => findProgram(program, env) !== undefined);
}

/**
 * Unpacks packages, and what they need that this machine has not, into a folder of the cache and returns that folder.
 * Nothing is installed. apt works with lists and archives of our own, so neither root nor an earlier `apt-get update` is
 * needed, and it still checks signatures and sums. Takes about 5 s the first time. Undefined where there is no apt, or
 * `LOCAL_PARTS_OFFLINE` forbids fetching, and nothing is in the cache.
 */
export async function unpackedDebianPackages(set: PackageSet, progress: Progress, env: MachineEnvironment): Promise<string | undefined> {
  const root = cacheFolder(env);
  const name = `debian-${set.name}-${distribution()}-${process.arch}`;
  if (!existsSync(join(root, name)) && !hasDebianPackages(env)) return undefined;
  return cachedFolder(root, name, async (draft) => {
    progress(`fetching ${set.packages.join(', ')} with apt (nothing is installed) …`);
    await withLock(join(root, 'apt.lock'), async () => {
      if (existsSync(join(root, name))) return; // while we waited, another process did it; its folder is taken
      const apt = aptOptions(join(root, 'apt'), join(draft, 'archives'));
      // "Download only" resolves dependencies against what is installed here and leaves that out.
      const load = (): Promise<string> => runTool('apt-get', [...apt, '--yes', '--no-install-recommends', '--download-only', '--quiet', 'install', ...set.packages]);
      const isFresh = await refreshLists(join(root, 'apt'), apt, listsMaxAgeMs);
      // Mirrors drop a version once it is superseded: older lists may name files that are gone.
      await load().catch(async (error: unknown) => {
        if (isFresh) throw error;
        await refreshLists(join(root, 'apt'), apt, 0);
        await load();
      });
    });
    const archives = readdirSync(join(draft, 'archives')).filter((file) => file.endsWith('.deb'));
    for (const archive of archives) await runTool('dpkg', ['-x', join(draft, 'archives', archive), draft]);
    rmSync(join(draft, 'archives'), { recursive: true });
  });
}

/** `debian12`: the cache of another release of the system must not be used after an upgrade. */
function distribution(): string {
  const facts = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(facts)?.[1] ?? '';
  return `${field('ID')}${field('VERSION_ID')}`.replaceAll(/[^a-z0-9.]/g, '') || 'unknown';
}

function aptOptions(folder: string, archives: string): string[] {
  mkdirSync(join(folder, 'lists'), { recursive: true });
  mkdirSync(archives, { recursive: true });
  const settings = {
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': folder,
    'Dir::Cache::archives': archives,
    'APT::Sandbox::User': '', // apt would change to a user that may not write here
    'Debug::NoLocking': '1', // its locks lie in /var/lib/dpkg; ours is below
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

const listsMaxAgeMs = 12 * 3_600_000;

/** True when the lists were fetched just now. */
async function refreshLists(folder: string, apt: string[], maxAgeMs: number): Promise<boolean> {
  const stamp = join(folder, 'updated');
  if (ageMs(stamp) < maxAgeMs) return false;
  await runTool('apt-get', [...apt, '--quiet', 'update']);
  writeFileSync(stamp, '');
  return true;
}

/** Age of a file by the clock of the file system, which also wrote its time. Infinity when there is none. */
function ageMs(path: string): number {
  if (!existsSync(path)) return Infinity;
  const probe = `${path}.now-${process.pid}`;
  closeSync(openSync(probe, 'w'));
  const age = statSync(probe).mtimeMs - statSync(path).mtimeMs;
  rmSync(probe);
  return age;
}

const lockStaleMs = 60_000;

/** One process at a time: `mkdir` is the lock. The holder touches it, so that one who died does not block the next for long. */
async function withLock(lock: string, work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + 300_000;
  while (!tryLock(lock)) {
    if (ageMs(lock) > lockStaleMs) rmSync(lock, { recursive: true, force: true });
    if (performance.now() > deadline) {
      throw new LocalPartError('fetch_failed', `Another process has been fetching for five minutes. If none runs, remove ${lock}.`);
    }
    await pause(50);
  }
  const heartbeat = setInterval(() => touch(lock), lockStaleMs / 6);
  try {
    await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(lock, { recursive: true, force: true });
  }
}

function tryLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function touch(path: string): void {
  const probe = `${path}.touch`;
  closeSync(openSync(probe, 'w'));
  const { mtime } = statSync(probe);
  rmSync(probe);
  if (existsSync(path)) utimesSync(path, mtime, mtime);
}
