import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '../..');

/** What a program left: exit code (128 + signal number is not told apart from 1 here) and everything it said. */
export type Ended = { ok: boolean; output: string };

const running = new Set<ChildProcess>();

/** Ends every program that still runs; for signals. */
export function stopPrograms(): void {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a JavaScript file (a path below the repository) with this Node, in the repository.
 * @param onLine is given each line as it comes, without colours.
 * @param limitMs after this many milliseconds the program is ended and counts as failed.
 */
export function runProgram(program: string, args: string[], options: { limitMs: number; env?: NodeJS.ProcessEnv; onLine?: (line: string) => void }): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(repository, program), ...args], {
      cwd: repository, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    let rest = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach((line) => options.onLine?.(line));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const limit = setTimeout(() => {
      output += `\nStopped after ${options.limitMs / 1000} s.\n`;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
    }, options.limitMs);
    const end = (ok: boolean): void => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ ok, output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}
