import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalPartError, tailOf, textSince } from './local-part-error.js';
import { childEnvironment, findProgram, type UnprivilegedUser } from './machine.js';

export interface ServerProcessOptions {
  /** What people call it: "Postgres". Also the name of its log file. */
  name: string;
  program: string;
  args: readonly string[];
  /** Where the log file goes. */
  dir: string;
  env?: Readonly<Record<string, string>>;
  /** Run as this user. Only root may ask for it. */
  user?: UnprivilegedUser;
  /** What asks the program for a quick, orderly end. */
  stopSignal: NodeJS.Signals;
  /** Looks whether it serves. `log` is what it wrote since this start. */
  isReady: (log: string) => boolean | Promise<boolean>;
  readyTimeoutMs?: number;
}

/** A server that runs. It ends with this process, however this process ends. */
export interface ServerProcess {
  pid: number;
  logFile: string;
  /** What it wrote until it was ready. */
  startLog: string;
  isRunning(): boolean;
  /** Resolves when the program has ended, for whatever reason. */
  ended: Promise<void>;
  /** Orderly end. Calling it again, or after the program ended by itself, does no harm. */
  stop(): Promise<void>;
  /** Ends it the way a power cut would (SIGKILL). For tests of failure. */
  kill(): Promise<void>;
}

const pollMs = 5;
const stopTimeoutMs = 5_000;
const running = new Set<ChildProcess>();
const stopSignals = new Map<ChildProcess, NodeJS.Signals>();

/** Starts a program, waits until it serves, and binds its life to ours. Throws `port_taken` or `start_failed` with the last log lines. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  mkdirSync(options.dir, { recursive: true });
  const logFile = join(options.dir, `${options.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.log`);
  const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
  const child = spawnBound(options, logFile);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let spawnError: Error | undefined;
  child.once('error', (error) => { spawnError = error; });

  const deadline = performance.now() + (options.readyTimeoutMs ?? 15_000);
  while (!(await isReadyQuietly(options, textSince(logFile, logStart)))) {
    const isDead = spawnError !== undefined || child.exitCode !== null || child.signalCode !== null;
    if (isDead || performance.now() > deadline) {
      if (!isDead) child.kill('SIGKILL');
      throw startFailure(options, tailOf(logFile, logStart), isDead, spawnError);
    }
    await pause(pollMs);
  }

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!isRunning()) return ended;
    child.kill(signal);
    const isDone = await Promise.race([ended.then(() => true), pause(stopTimeoutMs, false, { ref: false })]);
    if (!isDone) child.kill('SIGKILL');
    await ended;
  }
  const startLog = textSince(logFile, logStart);
  return { pid: child.pid as number, logFile, startLog, isRunning, ended, stop: () => end(options.stopSignal), kill: () => end('SIGKILL') };
}

async function isReadyQuietly(options: ServerProcessOptions, log: string): Promise<boolean> {
  try {
    return await options.isReady(log);
  } catch {
    return false; // "not yet": the deadline decides
  }
}

function startFailure(options: ServerProcessOptions, logTail: string, isDead: boolean, cause: Error | undefined): LocalPartError {
  if (/address (already )?in use/i.test(logTail)) {
    return new LocalPartError('port_taken', `${options.name} cannot start: its port is used by another program.`, { logTail, cause });
  }
  const what = isDead ? 'ended while starting' : `did not become ready in ${options.readyTimeoutMs ?? 15_000} ms`;
  return new LocalPartError('start_failed', `${options.name} ${what}. Its last lines:`, { logTail, cause });
}

/** In a session of its own (`detached`), so that Ctrl-C in a terminal reaches us first and we decide who ends when. */
function spawnBound(options: ServerProcessOptions, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
    const env = childEnvironment(options.env);
    const stdio: ['ignore', number, number] = ['ignore', log, log];
    if (setpriv !== undefined) {
      const child = spawn(setpriv, [...bindings(options), options.program, ...options.args], { stdio, env, cwd: '/', detached: true });
      return remember(child, options);
    }
    const child = spawn(options.program, [...options.args], { stdio, env, cwd: '/', detached: true, ...options.user });
    watchByPipe(child, options.stopSignal);
    return remember(child, options);
  } finally {
    closeSync(log);
  }
}

/**
 * The kernel sends the signal when we are gone, even by SIGKILL (prctl PR_SET_PDEATHSIG). setpriv sets it after the user
 * has changed, since changing the user clears it. `--clear-groups` drops root's groups.
 */
function bindings(options: ServerProcessOptions): string[] {
  const user = options.user === undefined ? [] : ['--reuid', `${options.user.uid}`, '--regid', `${options.user.gid}`, '--clear-groups'];
  return [...user, '--pdeathsig', options.stopSignal.replace(/^SIG/, ''), '--'];
}

/** Without PDEATHSIG a small shell (built-in commands only) waits for the end of a pipe that only we hold open, and then ends the server. */
function watchByPipe(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || process.platform === 'win32') return;
  const watcher = spawn('/bin/sh', ['-c', `read -r _; kill -${signal.replace(/^SIG/, '')} ${child.pid} 2>/dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'], detached: true,
  });
  watcher.unref();
  child.once('close', () => watcher.kill('SIGKILL'));
}

function remember(child: ChildProcess, options: ServerProcessOptions): ChildProcess {
  if (running.size === 0) process.on('exit', endAll);
  running.add(child);
  stopSignals.set(child, options.stopSignal);
  child.once('close', () => {
    running.delete(child);
    stopSignals.delete(child);
    if (running.size === 0) process.off('exit', endAll);
  });
  return child;
}

/** On a normal exit. SIGINT and SIGTERM without a handler end the process without this event; there the bindings above act. */
function endAll(): void {
  for (const child of running) child.kill(stopSignals.get(child));
}

/** True when something accepts TCP connections on the port. */
export function acceptsConnections(port: number, address = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: address });
    socket.setTimeout(1_000, () => { socket.destroy(); resolve(false); });
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
