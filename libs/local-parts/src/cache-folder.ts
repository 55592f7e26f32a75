import { chmodSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { LocalPartError } from './local-part-error.js';
import { isReachableByOthers, isRoot, machineEnvironment, type MachineEnvironment } from './machine.js';

const productFolder = 'connect-domain';

/**
 * Where fetched programs are kept between runs. `$XDG_CACHE_HOME`, else `~/.cache`; root keeps them where the user that
 * Postgres runs as can read them, and a user without a home gets a folder of its own under the temporary one.
 */
export function cacheFolder(env: MachineEnvironment = machineEnvironment()): string {
  const home = env['HOME'] ?? homedir();
  const wanted = env['XDG_CACHE_HOME'] ? join(env['XDG_CACHE_HOME'], productFolder) : join(home, '.cache', productFolder);
  const candidates = isRoot() && !isReachableByOthers(join(wanted, 'x')) ? [`/var/cache/${productFolder}`, wanted] : [wanted];
  for (const candidate of [...candidates, join(tmpdir(), `${productFolder}-${process.getuid?.() ?? 'user'}`)]) {
    if (isOurs(candidate)) return candidate;
  }
  throw new LocalPartError('fetch_failed', `No folder for fetched programs can be written. Set XDG_CACHE_HOME to a folder of your own (tried ${wanted}).`);
}

/** A program that is run later must lie where nobody else could have put it: the folder has to belong to us. */
function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    const facts = lstatSync(folder);
    if (!facts.isDirectory() || (process.getuid !== undefined && facts.uid !== process.getuid())) return false;
    // Others may read and run, never write.
    if ((facts.mode & 0o022) !== 0) chmodSync(folder, 0o755);
    return true;
  } catch {
    return false;
  }
}

/**
 * A finished folder of the cache. `build` fills a new folder of its own, which then takes the final name in one step:
 * processes that do this at the same time do not disturb each other, and a half-filled folder is never seen.
 */
export async function cachedFolder(root: string, name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const finished = join(root, name);
  if (existsSync(finished)) return finished;
  const draft = `${finished}.draft-${process.pid}-${randomBytes(4).toString('hex')}`;
  mkdirSync(draft, { recursive: true, mode: 0o755 });
  try {
    await build(draft);
    renameSync(draft, finished);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process was first: its folder is as good as ours.
    if (existsSync(finished)) return finished;
    throw error;
  }
  return finished;
}
