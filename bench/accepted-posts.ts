import { fork, type ChildProcess } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { BenchWorld } from './bench-world.js';
import { cpuSecondsOf, type Row } from './figures.js';

const inFlight = 32;
const rounds = 3;

/** Accepted POSTs a second beside bare Fastify with one INSERT into the same Postgres, in turn; per CPU second of the process that answers. */
export async function acceptedPosts(world: BenchWorld, perRound: number, say: (text: string) => void): Promise<Row[]> {
  const application = await world.call<{ id: string }>('POST', '/v1/applications', { name: 'Posts', record_template: [{ type: 'CNAME', name: '@', value: 'edge.saas.example' }] });
  const gateway = world.product.services.find((service) => service.service === 'gateway')!;
  const bare = await startBare(world.product.adminDatabaseUrl);
  try {
    const results = { ours: [] as Rate[], bare: [] as Rate[] };
    for (let round = 0; round < rounds; round++) {
      say(`accepted POSTs, round ${round + 1} of ${rounds}`);
      results.bare.push(await rate(bare.pid, perRound, (i) => post(bare.url, '/connections', { hostname: `b${round}-${i}.example.com` }, {})));
      results.ours.push(await rate(gateway.pid, perRound, (i) => post(world.product.baseUrl, '/v1/connections', { application_id: application.id, hostname: `p${round}-${i}.example${i % 97}.com`, setup_type: 'manual' }, { authorization: `Bearer ${world.key}` })));
    }
    const [ours, yardstick] = [mean(results.ours.map((each) => each.perCpuSecond)), mean(results.bare.map((each) => each.perCpuSecond))];
    return [{
      what: `accepted POST/s and core (${rounds} rounds of ${perRound}, in turn)`, ours: `${ours.toFixed(0)}/CPU s (${mean(results.ours.map((each) => each.perSecond)).toFixed(0)}/s with everything on this machine)`,
      yardstick: `${yardstick.toFixed(0)}/CPU s (${mean(results.bare.map((each) => each.perSecond)).toFixed(0)}/s), bare Fastify + one INSERT`, ratio: (ours / yardstick).toFixed(2), goal: '≥ 1/3',
    }];
  } finally {
    bare.child.kill();
  }
}

type Rate = { perSecond: number; perCpuSecond: number };

async function rate(pid: number, count: number, send: (i: number) => Promise<void>): Promise<Rate> {
  const cpuBefore = cpuSecondsOf(pid);
  const began = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: inFlight }, async () => { while (next < count) await send(next++); }));
  return { perSecond: count / ((performance.now() - began) / 1000), perCpuSecond: count / (cpuSecondsOf(pid) - cpuBefore) };
}

const agent = new Agent({ keepAlive: true, maxSockets: inFlight });

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

function startBare(databaseUrl: string): Promise<{ child: ChildProcess; pid: number; url: string }> {
  const child = fork(join(process.cwd(), 'bench', 'bare-fastify.mjs'), [databaseUrl]);
  return new Promise((resolve, reject) => {
    child.once('message', (url) => resolve({ child, pid: child.pid as number, url: String(url) }));
    child.once('exit', (code) => reject(new Error(`the yardstick ended, exit code ${code}`)));
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
