import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServiceName } from '@connect/contracts';
import { LocalPartError } from '@connect/local-parts';

export type ServiceProcessOptions = {
  service: ServiceName;
  /** 1, 2, …: replicas of one service. */
  replica: number;
  root: string;
  logDir: string;
  env: Record<string, string>;
};

/** One replica of a service as a process of its own. */
export type ServiceProcess = {
  service: ServiceName;
  replica: number;
  pid: number;
  /** `http://127.0.0.1:<port>` with /healthz, /readyz, /metrics. */
  innerUrl: string;
  logFile: string;
  /** Resolves with the exit code, or null after a signal. */
  ended: Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
};

const readyTimeoutMs = 30_000;

/** Starts `dist/apps/<service>/main.js` and waits for its line "service ready". Throws `start_failed` with its last log lines. */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  mkdirSync(options.logDir, { recursive: true });
  const logFile = join(options.logDir, `${options.service}-${options.replica}.log`);
  const child = spawn(process.execPath, ['--enable-source-maps', join(options.root, 'dist', 'apps', options.service, 'main.js')], {
    env: { PATH: process.env['PATH'] ?? '', ...options.env }, cwd: options.root, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  child.stderr.pipe(log, { end: false });
  const innerUrl = await readyLine(child, log, ended, options.service, logFile);
  return {
    service: options.service, replica: options.replica, pid: child.pid as number, innerUrl, logFile, ended,
    signal: (signal) => { child.kill(signal); },
    async stop() {
      child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(deadline);
    },
  };
}

function readyLine(child: ChildProcess, log: NodeJS.WritableStream, ended: Promise<number | null>, service: string, logFile: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new LocalPartError('start_failed', `${service} ${why}. Its last lines (${logFile}):`, { logTail: readFileSync(logFile, 'utf8').slice(-3_000) }));
    const deadline = setTimeout(() => fail(`was not ready after ${readyTimeoutMs / 1000} s`), readyTimeoutMs);
    void ended.then((code) => { clearTimeout(deadline); setImmediate(() => fail(`ended while starting, exit code ${code}`)); });
    createInterface({ input: child.stdout! }).on('line', (line) => {
      log.write(`${line}\n`);
      if (!line.includes('"service ready"')) return;
      clearTimeout(deadline);
      resolve((JSON.parse(line) as { inner_url: string }).inner_url);
    });
  });
}

/** Runs `main.js migrate` of one service to its end. */
export async function migrateService(options: Omit<ServiceProcessOptions, 'replica'>): Promise<void> {
  mkdirSync(options.logDir, { recursive: true });
  const logFile = join(options.logDir, `${options.service}-migrate.log`);
  const log = createWriteStream(logFile, { flags: 'w', mode: 0o600 });
  const child = spawn(process.execPath, [join(options.root, 'dist', 'apps', options.service, 'main.js'), 'migrate'], {
    env: { PATH: process.env['PATH'] ?? '', ...options.env }, cwd: options.root, stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  log.end();
  if (code !== 0) throw new LocalPartError('start_failed', `The migration of ${options.service} failed, exit code ${code}. Its last lines (${logFile}):`, { logTail: readFileSync(logFile, 'utf8').slice(-3_000) });
}
