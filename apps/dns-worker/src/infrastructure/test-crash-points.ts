import type { CrashPoint, CrashPoints } from '../ports/crash-points.port.js';

/**
 * Kills the process without a word at one point, which is what a power cut does, or stops it there once, as a machine does that is out of memory or being moved: until
 * somebody sends SIGCONT. Only in tests; the configuration refuses it elsewhere.
 */
export class TestCrashPoints implements CrashPoints {
  private isReached = false;

  constructor(private readonly point: CrashPoint, private readonly signal: 'SIGKILL' | 'SIGSTOP') {}

  reached(point: CrashPoint): void {
    if (point !== this.point || this.isReached) return;
    this.isReached = true;
    process.kill(process.pid, this.signal);
  }
}
