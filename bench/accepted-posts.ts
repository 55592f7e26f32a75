import { Agent, request } from 'node:http';
import type { BenchWorld } from './bench-world.js';
import type { Row } from './figures.js';
import { meanOf, rateOf, startYardstick, type Rate } from './rates.js';

const rounds = 3;

/** Accepted POSTs a second beside bare Fastify with one INSERT into the same Postgres, in turn; per CPU second of the process that answers. */
export async function acceptedPosts(world: BenchWorld, perRound: number, say: (text: string) => void): Promise<Row[]> {
  const application = await world.call<{ id: string }>('POST', '/v1/applications', { name: 'Posts', record_template: [{ type: 'CNAME', name: '@', value: 'edge.saas.example' }] });
  const gateway = world.product.services.find((service) => service.service === 'gateway')!;
  const bare = await startYardstick('bare-fastify.mjs', world.product.adminDatabaseUrl);
  try {
    const results = { ours: [] as Rate[], bare: [] as Rate[] };
    for (let round = 0; round < rounds; round++) {
      say(`accepted POSTs, round ${round + 1} of ${rounds}`);
      results.bare.push(await rateOf(bare.pid, perRound, (i) => post(bare.at, '/connections', { hostname: `b${round}-${i}.example.com` }, {})));
      results.ours.push(await rateOf(gateway.pid, perRound, (i) => post(world.product.baseUrl, '/v1/connections', { application_id: application.id, hostname: `p${round}-${i}.example${i % 97}.com`, setup_type: 'manual' }, { authorization: `Bearer ${world.key}` })));
    }
    const [ours, yardstick] = [meanOf(results.ours), meanOf(results.bare)];
    return [{
      what: `accepted POST/s and core (${rounds} rounds of ${perRound}, in turn)`, ours: `${ours.perCpuSecond.toFixed(0)}/CPU s (${ours.perSecond.toFixed(0)}/s with everything on this machine)`,
      yardstick: `${yardstick.perCpuSecond.toFixed(0)}/CPU s (${yardstick.perSecond.toFixed(0)}/s), bare Fastify + one INSERT`, ratio: (ours.perCpuSecond / yardstick.perCpuSecond).toFixed(2), goal: '≥ 1/3',
    }];
  } finally {
    bare.child.kill();
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function post(base: string, path: string, body: unknown, headers: Record<string, string>): Promise<void> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(`${base}${path}`, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers } }, (answer) => {
      answer.resume();
      answer.once('end', () => (answer.statusCode === 201 || answer.statusCode === 202 ? resolve() : reject(new Error(`POST ${path} answered ${answer.statusCode}`))));
    });
    outgoing.once('error', reject);
    outgoing.end(text);
  });
}
