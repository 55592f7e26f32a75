import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BusWorld } from '../bus-world.fake.js';

// Each process compiles the libraries by itself; on a busy machine that takes seconds.
jest.setTimeout(90_000);

const root = join(import.meta.dirname, '../../../..');
const mainFile = join(import.meta.dirname, 'small-service.fake.ts');
let world: BusWorld;
let env: Record<string, string>;

beforeAll(async () => {
  world = await BusWorld.start();
  await world.provision();
  env = { NODE_ENV: 'test', DATABASE_URL: (await world.database('verifier')).url, NATS_URL: world.url('verifier') };
});
afterAll(() => world?.stop());

type Run = { child: ChildProcess; lines: Record<string, unknown>[]; stderr: () => string; exit: Promise<number | null>; line(text: string): Promise<Record<string, unknown>> };

function run(args: string[], environment: Record<string, string>): Run {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), mainFile, ...args], { cwd: root, env: { PATH: process.env['PATH'] ?? '', TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: Record<string, unknown>[] = [];
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => { stderr += text.toString(); });
  const reader = createInterface({ input: child.stdout });
  const waiting: { text: string; found: (line: Record<string, unknown>) => void }[] = [];
  reader.on('line', (text) => {
    const line = JSON.parse(text) as Record<string, unknown>;
    lines.push(line);
    for (const each of waiting) if (each.text === line['msg']) each.found(line);
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const line = (text: string): Promise<Record<string, unknown>> => {
    const known = lines.find((each) => each['msg'] === text);
    if (known !== undefined) return Promise.resolve(known);
    const found = new Promise<Record<string, unknown>>((resolve) => waiting.push({ text, found: resolve }));
    return Promise.race([found, exit.then((code) => { throw new Error(`ended with ${code} before "${text}": ${JSON.stringify(lines)} ${stderr}`); })]);
  };
  return { child, lines, stderr: () => stderr, exit, line };
}

describe('a service as a process', () => {
  it('migrates and ends, then starts, says where it is ready, and ends in order at SIGTERM', async () => {
    const migration = run(['migrate'], env);
    expect([await migration.exit, migration.lines.at(-1)?.['migrations']]).toEqual([0, ['First1764000000000']]);

    const service = run([], env);
    const ready = await service.line('service ready');
    const health = await Promise.all(['healthz', 'readyz', 'metrics'].map(async (path) => (await fetch(`${String(ready['inner_url'])}/${path}`)).status));
    service.child.kill('SIGTERM');

    expect(health).toEqual([200, 200, 200]);
    expect(await service.exit).toBe(0);
    expect(service.lines.at(-1)?.['msg']).toBe('service stopped');
    expect(service.stderr()).toBe('');
  });

  it('says what is wrong with its settings, without a value, and ends with 1', async () => {
    const service = run([], { NATS_URL: 'http://somebody:hidden-word@127.0.0.1' });

    expect(await service.exit).toBe(1);
    expect(service.lines.at(-1)).toMatchObject({ level: 'fatal', msg: 'service failed', err: { code: 'configuration', detail: expect.stringMatching(/DATABASE_URL.*NATS_URL|NATS_URL.*DATABASE_URL/) } });
    expect(JSON.stringify(service.lines)).not.toContain('hidden-word');
  });

  it('waits for a bus that is late', async () => {
    await world.kill();
    const service = run([], env);
    await service.line('the bus does not answer yet');

    await world.restart();

    await service.line('service ready');
    service.child.kill('SIGINT');
    expect(await service.exit).toBe(0);
  });
});
