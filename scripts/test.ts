/**
 * `npm test`: everything that must hold, the fast first; the first step that fails is the last one. `npm test -- <pattern>…` runs only the spec
 * files whose path matches. The last line is `N passed, N failed`; lint, typecheck and build count as one each.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runJest, type Counts, type Outcome } from './test/jest-run.js';
import { repository, runProgram, stopPrograms } from './test/program.js';
import { specFiles, type Size } from './test/spec-files.js';

type Stage = { name: string; run: () => Promise<Outcome> };
/** Lanes run side by side, the stages of a lane one after the other. */
type Step = Stage[][];

/** A stage that takes longer hangs: the whole has ten minutes. */
const limitMs = 8 * 60_000;
const coloured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const patterns = process.argv.slice(2);
const files = specFiles(patterns);
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
let testsRun = 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopPrograms();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

for (const step of steps()) {
  await Promise.all(step.map(runLane));
  if (total.failed > 0) break;
}
if (testsRun === 0) say(`No test ran${patterns.length > 0 ? `: no spec file matches ${patterns.join(' ')}` : ''}.`);
if (total.skipped > 0) say(`${total.skipped} skipped`);
say(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || testsRun === 0 ? 1 : 0;

function steps(): Step[] {
  const checks: Stage[] = patterns.length > 0 ? [] : [
    { name: 'lint', run: () => runChecks([['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'], ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', 'apps', 'libs', '--config', '.dependency-cruiser.cjs']]) },
    ...(existsSync(join(repository, 'scripts/generate.ts')) ? [{ name: 'generated', run: () => runChecks([['scripts/run.mjs', 'generate', '--check']]) }] : []),
    { name: 'typecheck', run: () => runChecks([['node_modules/typescript/bin/tsc', '--noEmit']]) },
  ];
  const cores = Math.max(2, Math.min(4, availableParallelism()));
  const services = files.e2e.length > 0 || patterns.length === 0
    ? [{ name: 'build', run: () => runChecks([['node_modules/@nestjs/cli/bin/nest.js', 'build', '--all']]) }] : [];
  return [
    [checks, [...specs('architecture', cores), ...specs('unit', cores)]],
    [services],
    [specs('integration', cores)],
    // Each starts the whole system, and two fit beside each other: those that kill processes wait most of the time.
    [specs('e2e', 1, isAboutKilling), specs('e2e', 1, (file) => !isAboutKilling(file))],
  ];
}

function isAboutKilling(file: string): boolean {
  return file.startsWith('test/resilience/') || file.startsWith('test/storm/');
}

function specs(size: Size, workers: number, isMeant: (file: string) => boolean = () => true): Stage[] {
  const meant = files[size].filter(isMeant);
  if (meant.length === 0) return [];
  const telling = size === 'integration' || size === 'e2e' || patterns.length > 0;
  return [{ name: size, run: () => runJest(meant, { workers, limitMs, ...(telling && { onLine: (line: string) => say(`  ${line}`) }) }) }];
}

async function runChecks(programs: [string, ...string[]][]): Promise<Outcome> {
  for (const [program, ...args] of programs) {
    const ended = await runProgram(program, args, { limitMs });
    if (!ended.ok) return { passed: 0, failed: 1, skipped: 0, output: ended.output };
  }
  return { passed: 1, failed: 0, skipped: 0, output: '' };
}

async function runLane(lane: Stage[]): Promise<void> {
  for (const stage of lane) {
    const startedAt = performance.now();
    const outcome = await stage.run();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
    if (stage.name in files) testsRun += outcome.passed + outcome.failed;
    if (outcome.failed > 0) say(outcome.output.trimEnd());
    const verdict = outcome.failed > 0 ? paint(31, `${outcome.failed} failed`) : paint(32, 'ok');
    say(`${stage.name.padEnd(13)} ${`${outcome.passed} passed`.padStart(12)}  ${verdict}  ${seconds} s`);
    if (outcome.failed > 0) return;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function paint(colour: number, text: string): string {
  return coloured ? `\u001b[${colour}m${text}\u001b[0m` : text;
}
