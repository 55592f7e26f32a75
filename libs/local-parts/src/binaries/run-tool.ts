import { execFile } from 'node:child_process';
import { LocalPartError } from '../local-part-error.js';
import { childEnvironment, type UnprivilegedUser } from '../machine.js';

export interface ToolOptions {
  env?: Readonly<Record<string, string>>;
  user?: UnprivilegedUser;
  timeoutMs?: number;
}

/** Runs a program to its end and returns what it printed. A failure is a `fetch_failed` (or `code`) with its last words. */
export function runTool(
  program: string, args: readonly string[], options: ToolOptions = {}, code: 'fetch_failed' | 'start_failed' = 'fetch_failed',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { cwd: '/', env: childEnvironment(options.env), timeout: options.timeoutMs ?? 180_000, maxBuffer: 64 << 20, ...options.user };
    execFile(program, [...args], settings, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const logTail = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n');
      reject(new LocalPartError(code, `${program} failed (${error.code ?? error.signal ?? 'no exit code'}):`, { logTail, cause: error }));
    });
  });
}
