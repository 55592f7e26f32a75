/**
 * `npm run new:provider -- <key>`: the folder of a new provider, whole and without knowledge. It is in the registry and the catalogue at once; the cases that
 * fail name what is to be written, and nothing else in the tree has to be edited by hand.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scaffold } from './new-provider/scaffold.js';
import { runProgram } from './test/program.js';

const key = process.argv[2] ?? '';
const folder = join('libs', 'adapters', 'src', 'providers', key);

if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key)) fail('Usage: npm run new:provider -- <key>, in lower case, such as demo or some-provider');
if (existsSync(folder)) fail(`${folder} is there already.`);
for (const [path, text] of scaffold(key)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const { ok, output } = await runProgram('scripts/run.mjs', ['generate'], { limitMs: 60_000 });
if (!ok) fail(output);
console.log(`${folder} is there, and in the registry.\nNext: npm test -- providers/${key}/\nEach failing case names the file and what is to be written in it. Begin with ${key}.fake.ts and credential.ts, from the provider's documentation.`);

function fail(text: string): never {
  console.error(text);
  process.exit(2);
}
