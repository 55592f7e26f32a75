/**
 * `npm run demo`: a domain goes from POST to live and back, on this machine: the product, a root server, a top-level domain and an authoritative
 * server that takes signed updates. A person reads what happens and how long each step took.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exchange } from '@connect/dns-client';
import { ownerName } from '@connect/domain';
import { LocalPartError, newTsigKey, startDnsWorld, type DnsWorld } from '@connect/local-parts';
import { forgetLocalProduct, startLocalProduct, type LocalProduct } from '@connect/local-product';
import { newTenant } from './start/first-key.js';

const dir = join(process.cwd(), '.data', 'demo');
const hostname = 'www.shop.test';
let lastMs = performance.now();

try {
  forgetLocalProduct(dir);
  say('Starting a small Internet: a root server, the top-level domain test., a provider, and the product');
  const dns = await startDnsWorld({ dir: join(dir, 'dns'), progress: detail });
  const key = newTsigKey('update-key.');
  const server = await dns.host({ name: 'shop.test.', records: [{ name: '@', type: 'MX', value: '10 mail.shop.test.' }, { name: 'mail', type: 'A', value: '192.0.2.25' }] }, { key });
  const product = await startProduct(dns);
  try {
    await walk(product, server, JSON.stringify({ server: server.address, port: server.port, key_name: key.name, algorithm: key.algorithm, secret: key.secret }));
  } finally {
    await Promise.all([product.stop(), dns.stop()]);
  }
  say('\nThat is all. npm start runs the product for you; docs/architecture.md tells how it works.');
  process.exit(0);
} catch (error) {
  console.error(error instanceof LocalPartError ? error.message : error);
  process.exit(1);
}

function startProduct(dns: DnsWorld): Promise<LocalProduct> {
  const world = { OUTGOING_ALLOW: '127.0.0.0/8' };
  return startLocalProduct({ root: process.cwd(), dir: join(dir, 'product'), progress: detail, env: { 'dns-worker': world, verifier: { ...world, DNS_ROOTS: dns.dnsRoots, DNS_PORT_MAP: dns.dnsPortMap } } });
}

async function walk(product: LocalProduct, server: { address: string; port: number }, token: string): Promise<void> {
  const { key: apiKey } = await newTenant(product, 'Demo');
  const call = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const response = await fetch(`${product.baseUrl}${path}`, { method, headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new LocalPartError('start_failed', `${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Body;
  };
  const shown = async (name: string, type: string): Promise<string> => {
    const answer = await exchange({ ip: server.address, port: server.port }, { ownerName: ownerName(name), type }, { signal: AbortSignal.timeout(3_000) });
    return answer.answers.map((record) => `${record.type} ${record.value}`).join(', ') || `nothing (${answer.rcode})`;
  };

  step('POST /v1/applications: the records that a customer of ours needs');
  const application = await call<{ id: string }>('POST', '/v1/applications', {
    name: 'Shop', record_template: [{ type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 60 }, { type: 'TXT', name: '_verify.{{hostname}}', value: 'saas-site={{hostname}}' }],
  });

  step('POST …/credentials: the customer’s update key, sealed to the vault before it is stored');
  const credential = await call<{ id: string }>('POST', `/v1/applications/${application.id}/credentials`, { provider: 'rfc2136', token });

  step(`POST /v1/connections: ${hostname}`);
  detail(`before, the zone's own server says: ${await shown(hostname, 'CNAME')}`);
  const connection = await call<{ id: string }>('POST', '/v1/connections', { application_id: application.id, hostname, credential_id: credential.id });
  const told = await followTo('live', connection.id, call);
  const { plan } = await call<{ plan: { changes: { action: string; owner_name: string; type: string; added: string[] }[] } }>('GET', `/v1/connections/${connection.id}/plan`);
  for (const change of plan.changes) detail(`the plan was: ${change.action} ${change.type} ${change.owner_name} → ${change.added.join(', ')}`);
  detail(`now, the zone's own server says: ${await shown(hostname, 'CNAME')}`);
  const { verdict } = await call<{ verdict: { verdict: string; servers: { server: string; code: string; owner_name: string }[] } }>('GET', `/v1/connections/${connection.id}`);
  for (const seen of verdict.servers) detail(`seen from the root down: ${seen.server} shows ${seen.owner_name} with ${seen.code}`);

  step('DELETE /v1/connections/…: our records go, the customer’s stay');
  await call('DELETE', `/v1/connections/${connection.id}`);
  await followTo('archived', connection.id, call, told);
  detail(`now, the zone's own server says: ${await shown(hostname, 'CNAME')}`);
  detail(`and still: ${await shown('shop.test', 'MX')}`);
}

/** Tells each state as it comes, until the last one. `told`: how many of the connection's events were told before. */
async function followTo(last: string, id: string, call: <Body>(method: string, path: string) => Promise<Body>, told = 0): Promise<number> {
  for (;;) {
    const { items: data } = await call<{ items: { sequence: number; state: string | null; reason: { message: string; code: string } | null }[] }>('GET', `/v1/connections/${id}/events?limit=100`);
    for (const event of data.slice(told)) detail(`${event.state ?? '?'}${event.reason === null ? '' : `: ${event.reason.message}`}`);
    told = data.length;
    const state = data.at(-1)?.state;
    if (state === last) return told;
    if (state === 'failed' || state === 'awaiting_customer') throw new LocalPartError('start_failed', `The connection is ${state}: ${data.at(-1)?.reason?.code}.`);
    await pause(50);
  }
}

function say(text: string): void {
  console.log(text);
}

function step(text: string): void {
  console.log(`\n${text}`);
}

function detail(text: string): void {
  const now = performance.now();
  console.log(`  ${`${Math.round(now - lastMs)} ms`.padStart(8)}  ${text}`);
  lastMs = now;
}
