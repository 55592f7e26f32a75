#!/usr/bin/env node
/**
 * Runs `scripts/<name>.ts` on a machine that may know nothing yet: `node scripts/run.mjs start`. Checks Node, installs dependencies where they
 * are missing or not those of package-lock.json, builds where a command needs the services and a source is newer. Plain Node without
 * dependencies, since it runs before they are there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Commands that start the built services. `test` builds by itself, after the fast stages. */
const needServices = ['start', 'demo', 'bench'];
const mayNeedServices = { storm: '--processes' };

const [name, ...args] = process.argv.slice(2);
const script = name === undefined ? undefined : join(root, 'scripts', `${name}.ts`);

process.chdir(root);
checkNode();
if (script === undefined || !/^[a-z][a-z-]*$/.test(name) || !existsSync(script)) {
  fail(`There is no command ${name ?? '(none given)'}. There is: ${commands().join(', ')}.`, 2);
}
installWhereNeeded();
if (needServices.includes(name) || args.includes(mayNeedServices[name])) buildWhereNeeded();
await runHere();

/** `require` of an ES module, which some libraries need, came unflagged with 20.19 (and 22.12). */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const enough = major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
  if (!enough) fail(`Node 20.19 or newer is needed (22.12 in the 22 line), this is ${process.versions.node}.`, 2);
}

function installWhereNeeded() {
  if (installed()) return;
  step('Installing dependencies (once, about a minute)', () => {
    const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
    return run([...npm, 'ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error']);
  });
}

/** Compares packages, not times: a checkout touches the lockfile without changing it. */
function installed() {
  const here = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(here)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(here, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) =>
    path === '' || (present[path] === undefined ? optional || devOptional || peer : present[path].version === version));
}

function buildWhereNeeded() {
  const apps = readdirSync(join(root, 'apps')).filter((app) => existsSync(join(root, 'apps', app, 'src/main.ts')));
  const builtAt = Math.min(...apps.map((app) => modifiedAt(join(root, 'dist/apps', app, 'main.js'))));
  if (newest(['apps', 'libs', 'package-lock.json', 'tsconfig.json', 'nest-cli.json']) <= builtAt) return;
  step('Building the services', () => run([process.execPath, join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build', '--all']));
}

function newest(paths) {
  return Math.max(...paths.map((path) => {
    const full = join(root, path);
    if (!existsSync(full)) return 0;
    if (!statSync(full).isDirectory()) return modifiedAt(full);
    const entries = readdirSync(full, { withFileTypes: true }).filter((entry) => entry.isDirectory() || !/[.](spec|int-spec|e2e-spec)[.]ts$/.test(entry.name));
    return entries.length === 0 ? 0 : newest(entries.map((entry) => join(path, entry.name)));
  }));
}

function modifiedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** In this process, so that signals, the terminal and the exit code are the script's own. */
async function runHere() {
  process.env.TSX_TSCONFIG_PATH = join(root, 'tsconfig.json');
  process.argv = [process.execPath, script, ...args];
  process.setSourceMapsEnabled(true);
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(script).href);
}

function run([program, ...rest]) {
  const { status, stdout, stderr, error } = spawnSync(program, rest, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

function step(text, work) {
  const startedAt = performance.now();
  process.stderr.write(`${text} … `);
  const { ok, output } = work();
  process.stderr.write(`${ok ? paint(32, 'done') : paint(31, 'failed')} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  if (!ok) fail(output.trimEnd(), 1);
}

function commands() {
  return readdirSync(join(root, 'scripts')).filter((file) => /^[a-z-]+[.]ts$/.test(file)).map((file) => file.slice(0, -3));
}

function paint(colour, text) {
  return process.stderr.isTTY && !process.env.NO_COLOR ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

function fail(text, code) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}
