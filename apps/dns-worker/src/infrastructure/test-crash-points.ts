import type { CrashPoint, CrashPoints } from '../ports/crash-points.port.js';

/** Kills the process without a word at one point: what a power cut does. Only in tests; the configuration refuses it elsewhere. */
export class TestCrashPoints implements CrashPoints {
  constructor(private readonly point: CrashPoint) {}

  reached(point: CrashPoint): void {
    if (point === this.point) process.kill(process.pid, 'SIGKILL');
  }
}
