import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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

/** Removes what runs left behind that could not clean up: folders whose process does not exist any more. */
export function sweepTemporaryFolders(): void {
  for (const folder of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(folder)?.[1];
    if (owner !== undefined && !exists(Number(owner))) rmSync(join(tmpdir(), folder), { recursive: true, force: true });
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
