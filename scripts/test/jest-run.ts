import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './program.js';

export type Counts = { passed: number; failed: number; skipped: number };
export type Outcome = Counts & { output: string };

/** The part of jest's `--json` report that is read here. */
type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; status: string; message: string }[];
};

/** ES modules in jest need the flag; what Node says about it at every start helps nobody. */
const nodeOptions = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'].filter(Boolean).join(' ');

/**
 * Runs the given spec files (paths below the repository) and counts. A file that could not even be loaded counts as one failed test.
 * @param workers how many files at once.
 * @param onLine is told each finished file: `PASS libs/…`, `FAIL apps/…`.
 */
export async function runJest(files: string[], options: { workers: number; limitMs: number; onLine?: (line: string) => void }): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'connect-jest-'));
  const outputFile = join(folder, 'report.json');
  try {
    const parallel = options.workers === 1 ? ['--runInBand'] : ['--maxWorkers', String(options.workers)];
    const ended = await runProgram('node_modules/jest/bin/jest.js', ['--ci', '--json', '--outputFile', outputFile, ...parallel, '--runTestsByPath', ...files], {
      limitMs: options.limitMs,
      env: { NODE_OPTIONS: nodeOptions },
      onLine: (line) => {
        if (/^(PASS|FAIL) /.test(line)) options.onLine?.(line);
      },
    });
    const report = await readReport(outputFile);
    if (report === undefined) return { passed: 0, failed: 1, skipped: 0, output: ended.output };
    const counts = { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites, skipped: report.numPendingTests + report.numTodoTests };
    // Jest can refuse without a failed test: a broken global teardown, a process that had to be ended.
    if (!ended.ok && counts.failed === 0) return { ...counts, failed: 1, output: ended.output };
    return { ...counts, output: report.testResults.filter((file) => file.status === 'failed').map((file) => `${file.name}\n${file.message}`).join('\n') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readReport(path: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
