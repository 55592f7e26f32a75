import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'connect-test-';

export interface TemporaryFolder {
  path: string;
  remove(): void;
}

/** A new folder that others may pass through (as root, Postgres runs as another user). Its name holds our process id. */
export function temporaryFolder(name = 'folder'): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-${name}-`));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** How long a folder is left alone whose process we do not see: it may run in a container that shares the folder and not the processes. */
const leftAloneMs = 3_600_000;

/** Removes what runs of this user left behind that could not clean up: folders whose process does not exist any more, and that nobody has touched for an hour. */
export function sweepTemporaryFolders(parent = tmpdir(), now = new Date()): void {
  for (const folder of readdirSync(parent)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(folder)?.[1];
    if (owner === undefined || exists(Number(owner))) continue;
    const path = join(parent, folder);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || found.uid !== process.getuid?.() || now.getTime() - found.mtimeMs < leftAloneMs) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

function exists(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
