/**
 * `npm run provider-calls`: connects, checks and removes at every provider through the whole product and writes down how many calls each step took, to
 * `docs/provider-calls.md`. To be run when a provider came or changed; `npm test` compares.
 */
import { runJest } from './test/jest-run.js';
import { runProgram } from './test/program.js';

const built = await runProgram('node_modules/@nestjs/cli/bin/nest.js', ['build', '--all'], { limitMs: 300_000 });
process.env['RECORD_PROVIDER_CALLS'] = 'yes';
const { passed, failed, output } = built.ok ? await runJest(['test/e2e/providers.e2e-spec.ts'], { workers: 1, limitMs: 480_000 }) : { passed: 0, failed: 1, output: built.output };
console.log(failed === 0 ? `Written: docs/provider-calls.md, ${passed} providers.` : output);
process.exitCode = failed === 0 ? 0 : 1;
