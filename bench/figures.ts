import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** One line of the result: what was measured, ours, the yardstick's, and the goal as it was set. */
export type Row = { what: string; ours: string; yardstick: string; ratio: string; goal: string };

/** CPU seconds (user and system) that a process has used so far. Linux: fields 14 and 15 of /proc/<pid>/stat, in ticks of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory of a process in MB. */
export function residentMbOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}`;
}

export function table(rows: readonly Row[]): string {
  return ['| what | ours | yardstick | ratio | goal |', '| --- | --- | --- | --- | --- |', ...rows.map((row) => `| ${row.what} | ${row.ours} | ${row.yardstick} | ${row.ratio} | ${row.goal} |`)].join('\n');
}

/** Runs `work` for each item, at most `limit` at once. */
export async function atMost<T>(limit: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(Array.from({ length: limit }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  }));
}
