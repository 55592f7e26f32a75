import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

/** What is told to the person who waits: one short line for each step that takes time. */
export type Progress = (text: string) => void;

export const silent: Progress = () => {};

/** The variables that steer where programs come from. A caller may pass its own in place of the machine's. */
export type MachineEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of this machine: PATH, HOME and the cache folder belong to the operating system and are no settings of
 * the product, so they are read here and not in the configuration.
 */
export function machineEnvironment(): MachineEnvironment {
  return process.env;
}

/** `LOCAL_PARTS_OFFLINE=1`: nothing is fetched; what is neither installed nor in the cache is missing. */
export function isFetchingAllowed(env: MachineEnvironment): boolean {
  return ['', '0', undefined].includes(env['LOCAL_PARTS_OFFLINE']);
}

const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'APT_CONFIG', 'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE'];

/** What a program started by us gets to see: the few variables of the system it needs, never the product's settings or secrets. */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const env = machineEnvironment();
  const kept = passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  // LC_ALL: what they print is read by us.
  return { ...Object.fromEntries(kept), LC_ALL: 'C', ...extra };
}

/** True when the process is root, who may give files away and must not run Postgres. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Where Debian and the usual installers put servers; these are not on an ordinary user's PATH. */
const extraFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/homebrew/sbin'];

/** The absolute path of `program`, looked for on PATH, then in the folders of servers. Undefined when it is nowhere. */
export function findProgram(program: string, env: MachineEnvironment = machineEnvironment()): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...extraFolders];
  return folders.map((folder) => join(folder, program)).find((path) => isExecutable(path));
}

export function isExecutable(path: string): boolean {
  return existsSync(path) && statSync(path).isFile() && (statSync(path).mode & 0o111) !== 0;
}

/** A user of this machine by number, for servers that refuse to run as root. */
export interface UnprivilegedUser {
  uid: number;
  gid: number;
}

/**
 * The user `nobody` as the machine knows it. The number must stand in the list of users, or Postgres stops with
 * "could not look up effective user ID". Undefined when there is no such user.
 */
export function nobody(passwdFile = '/etc/passwd'): UnprivilegedUser | undefined {
  if (!existsSync(passwdFile)) return undefined;
  const row = readFileSync(passwdFile, 'utf8').split('\n').map((line) => line.split(':')).find(([name]) => name === 'nobody');
  return row === undefined ? undefined : { uid: Number(row[2]), gid: Number(row[3]) };
}

/** True when a user who owns nothing may walk down to `path`: every folder above it that exists lets others pass. */
export function isReachableByOthers(path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
