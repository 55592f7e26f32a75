import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs once in jest's first process, before the test files do in their worker processes. It only opens a door: the first
 * test file that asks for Postgres makes this process start one, and all files of the run share it. Plain JavaScript,
 * because jest does not apply the module mapping to this file; the rest is TypeScript by way of tsx.
 */
export default async function globalSetup() {
  const marks = mkdtempSync(join(tmpdir(), `connect-test-${process.pid}-marks-`));
  process.env.CONNECT_TEST_RUN_FOLDER = marks;
  globalThis.closeConnectTestDoor = async () => rmSync(marks, { recursive: true, force: true });
  if (process.env.CONNECT_TEST_POSTGRES_URL) return;
  let postgres;
  const path = `/${randomBytes(16).toString('hex')}`;
  const door = createServer((request, response) => {
    // Each asks once; a connection kept for later may end just when the next file of the same process uses it.
    response.setHeader('connection', 'close');
    if (request.url !== path) return response.writeHead(404).end();
    postgres ??= start();
    postgres.then(
      ({ adminUrl }) => response.writeHead(200).end(adminUrl),
      (error) => response.writeHead(500).end(String(error.message)),
    );
  });
  await new Promise((resolve) => door.listen(0, '127.0.0.1', resolve));
  door.unref();
  process.env.CONNECT_TEST_POSTGRES_DOOR = `http://127.0.0.1:${door.address().port}${path}`;
  globalThis.closeConnectTestDoor = async () => {
    door.closeAllConnections();
    door.close();
    rmSync(marks, { recursive: true, force: true });
    await postgres?.then((server) => server.stop(), () => {});
  };
}

async function start() {
  const { tsImport } = await import('tsx/esm/api');
  const { startSharedPostgres } = await tsImport('./shared-postgres.ts', import.meta.url);
  return startSharedPostgres();
}
