import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** How a server for tests was had. */
export type Origin = 'given by URL' | 'Docker' | 'local program';

/** True when a Docker engine answers at `DOCKER_HOST` (unix socket) or at its usual socket. */
export function isDockerThere(): Promise<boolean> {
  const path = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
  if (!path.startsWith('/')) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.setTimeout(500, () => { socket.destroy(); resolve(false); });
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

const said = new Set<string>();

/** One line per test run for each kind of server: which one the tests run against. Workers of one jest run share a folder of marks. */
export function sayOnce(text: string): void {
  if (said.has(text) || !isFirst(text)) return;
  said.add(text);
  process.stderr.write(`tests: ${text}\n`);
}

function isFirst(text: string): boolean {
  const marks = process.env['CONNECT_TEST_RUN_FOLDER'];
  if (marks === undefined) return true;
  try {
    writeFileSync(join(marks, createHash('sha256').update(text).digest('hex')), '', { flag: 'wx' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}
