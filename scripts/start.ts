/**
 * `npm start`: the whole product on this machine. Data stay in `.data` between starts; `npm start -- --fresh` begins anew, `--port N` takes another
 * port than 3000. Ctrl-C ends everything.
 */
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isPortFree, LocalPartError } from '@connect/local-parts';
import { forgetLocalProduct, startLocalProduct, type LocalProduct } from '@connect/local-product';
import { firstKey } from './start/first-key.js';

const { values: flags } = parseArgs({ options: { fresh: { type: 'boolean', default: false }, port: { type: 'string', default: '3000' }, 'outgoing-allow': { type: 'string', default: '127.0.0.0/8' } } });
const root = process.cwd();
const dir = join(root, '.data');
const startedMs = performance.now();

try {
  if (!(await isPortFree(Number(flags.port)))) throw new LocalPartError('port_taken', `Port ${flags.port} is taken: does the product run here already? "npm start -- --port 3100" takes another one.`);
  if (flags.fresh) forgetLocalProduct(dir);
  const product = await startLocalProduct({
    root, dir, port: Number(flags.port), progress: say,
    env: { 'dns-worker': { OUTGOING_ALLOW: flags['outgoing-allow'] }, verifier: { OUTGOING_ALLOW: flags['outgoing-allow'] } },
  });
  const apiKey = await firstKey(product, dir);
  writeForScripts(product, apiKey);
  tell(product, apiKey);
  await untilToldToStop(product);
} catch (error) {
  console.error(error instanceof LocalPartError ? error.message : error);
  process.exit(1);
}

function say(text: string): void {
  console.log(`  ${text}`);
}

/** The same as is printed, for scripts. Readable by the owner only. */
function writeForScripts(product: LocalProduct, apiKey: string): void {
  const facts = {
    base_url: product.baseUrl, inner_url: product.innerUrl, api_key: apiKey, operator_key: product.operatorKey, nats_url: product.intakeNatsUrl, database_url: product.adminDatabaseUrl,
    pids: { ...Object.fromEntries(product.services.map((service) => [service.service, service.pid])), postgres: product.postgres.pid(), 'nats-server': product.nats.pid() },
  };
  writeFileSync(join(dir, 'dev.json'), `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
}

function tell(product: LocalProduct, apiKey: string): void {
  console.log(`
Connect Domain is ready after ${((performance.now() - startedMs) / 1000).toFixed(1)} s.

  API            ${product.baseUrl}/v1       description: ${product.baseUrl}/docs
  API key        ${apiKey}
  inner port     ${product.innerUrl}   (tenants, metrics, health; needs the operator key)
  operator key   ${product.operatorKey}
  logs           ${join(dir, 'logs')}
  for scripts    ${join(dir, 'dev.json')}
  OUTGOING_ALLOW ${flags['outgoing-allow']}   (addresses beside the public ones that we connect to)

Try it:

  curl -s ${product.baseUrl}/v1/providers -H "Authorization: Bearer ${apiKey}"

Watch a domain go from POST to live and back: npm run demo
Ctrl-C ends everything; the data stay for the next start.`);
}

/** Ends in order on Ctrl-C, and with a clear line when a service ended by itself. */
async function untilToldToStop(product: LocalProduct): Promise<void> {
  const told = new Promise<null>((resolve) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(null)); });
  const ended = product.services.map(async (service) => { await service.ended; return service; });
  const first = await Promise.race([told, ...ended]);
  console.log(first === null ? '\nStopping…' : `\n${first.service} ended by itself; its log is ${first.logFile}. Stopping the rest…`);
  await product.stop();
  process.exit(first === null ? 0 : 1);
}
