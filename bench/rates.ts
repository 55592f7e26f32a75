import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { cpuSecondsOf } from './figures.js';

/** `perCpuSecond`: of the process that answers, whatever clients and databases took beside it. */
export type Rate = { perSecond: number; perCpuSecond: number };

const inFlight = 32;

/** Sends `count` requests, 32 at once, to the process `pid`. */
export async function rateOf(pid: number, count: number, send: (i: number) => Promise<void>): Promise<Rate> {
  const cpuBefore = cpuSecondsOf(pid);
  const began = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: inFlight }, async () => { while (next < count) await send(next++); }));
  return { perSecond: count / ((performance.now() - began) / 1000), perCpuSecond: count / (cpuSecondsOf(pid) - cpuBefore) };
}

export function meanOf(rates: readonly Rate[]): Rate {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { perSecond: mean(rates.map(({ perSecond }) => perSecond)), perCpuSecond: mean(rates.map(({ perCpuSecond }) => perCpuSecond)) };
}

/** A yardstick as a process of its own (`bench/<file>`); it says where it answers as soon as it does. */
export function startYardstick(file: string, ...given: string[]): Promise<{ child: ChildProcess; pid: number; at: string }> {
  const child = fork(join(process.cwd(), 'bench', file), given);
  return new Promise((resolve, reject) => {
    child.once('message', (at) => resolve({ child, pid: child.pid as number, at: String(at) }));
    child.once('exit', (code) => reject(new Error(`the yardstick ended, exit code ${code}`)));
  });
}
