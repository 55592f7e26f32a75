import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { findPostgres } from './binaries/postgres-binaries.js';
import { acceptsConnections, freePort, LocalPartError, startNats, startPostgres } from './index.js';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'local-parts-'));
  chmodSync(root, 0o711); // as root, Postgres runs as a user who has to get in
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

async function errorOf(work: Promise<unknown>): Promise<LocalPartError> {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(LocalPartError);
  return error as LocalPartError;
}

describe('Postgres on this machine', () => {
  it('answers queries and finds its data again after an orderly stop and after SIGKILL', async () => {
    const dir = join(root, 'pg');
    const first = await startPostgres({ dir });
    await ask(first.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    await first.stop();

    const second = await startPostgres({ dir });
    const afterStop = await ask(second.adminUrl, 'SELECT answer FROM kept');
    await second.kill();
    const third = await startPostgres({ dir, port: second.port });
    const afterKill = await ask(third.adminUrl, 'SELECT answer FROM kept');
    await third.stop();

    expect(afterStop).toEqual({ answer: 42 });
    expect(afterKill).toEqual({ answer: 42 });
    expect(first.isRunning()).toBe(false);
  });

  it('refuses a connection with a wrong password, and a start with another one than the data were made with', async () => {
    const dir = join(root, 'pg-password');
    const server = await startPostgres({ dir, password: 'first', durable: false });

    const stranger = ask(server.adminUrl.replace('first', 'guess'), 'SELECT 1');

    await expect(stranger).rejects.toThrow('password authentication failed');
    await server.stop();
    expect((await errorOf(startPostgres({ dir, password: 'second' }))).code).toBe('start_failed');
  });
});

describe('the Postgres of the npm package', () => {
  it('is unpacked into the cache and runs from there', async () => {
    const npm = await findPostgres(() => {}, { major: 18 });

    const server = await startPostgres({ dir: join(root, 'pg-npm'), durable: false, env: { ...process.env, POSTGRES_BIN: npm.binFolder } });
    const seen = await ask(server.adminUrl, "SELECT current_setting('server_version_num')::int / 10000 AS major");
    await server.stop();

    expect(npm.source).toContain('npm package');
    expect(seen).toEqual({ major: 18 });
  });
});

describe('a program that is nowhere', () => {
  it('is one clear error that names the ways out', async () => {
    const env = { PATH: '', XDG_CACHE_HOME: join(root, 'empty-cache'), LOCAL_PARTS_OFFLINE: '1' };

    const errors = [await errorOf(startNats({ dir: join(root, 'no-nats'), env })), await errorOf(startPostgres({ dir: join(root, 'no-pg'), env: { ...env, POSTGRES_BIN: '/nowhere' } }))];

    expect(errors.map((error) => error.code)).toEqual(['binary_missing', 'binary_missing']);
    expect(errors[0]?.message).toMatch(/NATS_SERVER_BIN.*NATS_URL/);
    expect(errors[1]?.message).toMatch(/POSTGRES_BIN.*DATABASE_URL/);
  });
});

describe('nats-server on this machine', () => {
  it('keeps a JetStream message over SIGKILL, and holds to the users of the given configuration', async () => {
    const dir = join(root, 'nats');
    const config = 'authorization { users: [ { user: "one", password: "two" } ] }';
    const server = await startNats({ dir, config });
    const connection = await connect({ servers: server.url, user: 'one', pass: 'two' });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'S', subjects: ['s.>'] });
    await jetstream(connection).publish('s.a', 'hello');
    await connection.close();

    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow(/authorization/i);
    await server.kill();
    const again = await startNats({ dir, config, port: server.port });
    const later = await connect({ servers: again.url, user: 'one', pass: 'two' });
    const stream = await (await jetstreamManager(later)).streams.info('S');
    await later.close();
    await again.stop();

    expect(stream.state.messages).toBe(1);
    expect(server.version).toMatch(/^2\./);
  });

  it('says what is wrong with a configuration that it does not understand', async () => {
    const error = await errorOf(startNats({ dir: join(root, 'nats-bad'), config: 'authorization { users: [ }' }));

    expect(error.code).toBe('start_failed');
    expect(error.logTail).toContain('Parse error on line 5');
  });
});

describe('a server of this machine', () => {
  it('does not start on a port that is used, and says so', async () => {
    const port = await freePort();
    const occupant = createServer().listen(port, '127.0.0.1');
    await once(occupant, 'listening');

    const errors = [await errorOf(startNats({ dir: join(root, 'taken-nats'), port })), await errorOf(startPostgres({ dir: join(root, 'taken-pg'), port, durable: false }))];
    occupant.close();

    expect(errors.map((error) => error.code)).toEqual(['port_taken', 'port_taken']);
    expect(errors[0]?.message).toContain(`port ${port}`);
  });

  it.each([
    ['SIGKILL', 'with the kernel watching'], ['SIGTERM', 'with the kernel watching'], ['SIGINT', 'with the kernel watching'],
    ['SIGKILL', 'with a pipe watching'],
  ] as const)('ends when the process that started it ends by %s, %s', async (signal, watcher) => {
    const entry = fileURLToPath(new URL('./index.ts', import.meta.url));
    const program = `const parts = await import(${JSON.stringify(entry)});
      const dir = ${JSON.stringify(join(root, `orphan-${signal}-${watcher}`))};
      const [a, b] = await Promise.all([parts.startNats({ dir: dir + '/n' }), parts.startPostgres({ dir: dir + '/p', durable: false })]);
      console.log(JSON.stringify([a.port, b.port])); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: watcher === 'with a pipe watching' ? { ...process.env, PATH: '' } : process.env, // without PATH there is no setpriv
    });
    const ended = once(parent, 'exit').then(() => { throw new Error('the process ended before its servers were ready'); });
    const [line] = (await Promise.race([once(parent.stdout, 'data'), ended])) as [Buffer];
    ended.catch(() => {});
    const ports = JSON.parse(line.toString()) as number[];

    parent.kill(signal);

    for (const port of ports) await untilClosed(port);
  });
});

async function untilClosed(port: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (await acceptsConnections(port)) {
    if (performance.now() > deadline) throw new Error(`port ${port} still accepts connections`);
  }
}
