import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventually } from '@connect/testing';
import type { ApiClient, ConnectionBody } from '../e2e/api-client.js';
import type { WholeWorld } from '../e2e/whole-world.js';
import { killAndRestart, retried } from '../resilience/kill-and-restart.js';
import type { Victim } from '../resilience/kill-matrix.js';
import { Seeded } from './seeded.js';
import { foreignZone } from './zone-soup.js';

export type ProcessReport = { seed: number; provider: 'powerdns' | 'rfc2136'; findings: string[]; killed: Victim[]; connections: number };
type Order = { hostname: string; type: 'CNAME' | 'A'; value: string; id: string; api: ApiClient };
type Place = Parameters<WholeWorld['valuesAt']>[0];

/** The workers most, since they write. */
const victims: Readonly<Record<Victim, number>> = { 'dns-worker': 8, gateway: 2, 'nats-server': 2, postgres: 2, 'credential-vault': 1, verifier: 1 };
const settled = ['live', 'archived', 'awaiting_approval', 'awaiting_customer', 'failed', 'stalled'];
const patienceMs = 200_000;

/**
 * Several runs at once in one world of real processes: each has a zone of its own that is not ours, two tenants, and its own kills by SIGKILL, which all of them feel. The
 * kills come from the seeds; when exactly they strike is the machine's affair.
 */
export function processStorm(world: WholeWorld, tenants: readonly Tenant[], seeds: readonly number[]): Promise<ProcessReport[]> {
  return Promise.all(seeds.map((seed) => new ProcessRun(world, seed, tenants).play()));
}

/** Two of them, made before anything is killed: the operator's port changes with the gateway's process. */
export async function stormTenants(world: WholeWorld): Promise<Tenant[]> {
  return [await tenant(world, [{ type: 'CNAME', name: '@', value: 'edge.saas.example', ttl_seconds: 60 }]), await tenant(world, [{ type: 'A', name: '@', value: '192.0.2.200', ttl_seconds: 60 }])];
}

export type Tenant = { api: ApiClient; applicationId: string; type: Order['type']; value: string };

async function tenant(world: WholeWorld, template: { type: Order['type']; name: string; value: string; ttl_seconds: number }[]): Promise<Tenant> {
  const api = await world.tenant('Storm');
  const { id } = await api.must<{ id: string }>('POST', '/v1/applications', { name: 'Storm', record_template: template });
  const { type, value } = template[0]!;
  return { api, applicationId: id, type, value: type === 'CNAME' ? `${value}.` : value };
}

class ProcessRun {
  private readonly random: Seeded;
  private readonly findings: string[] = [];
  private readonly killed: Victim[] = [];
  private readonly orders: Order[] = [];

  constructor(private readonly world: WholeWorld, private readonly seed: number, private readonly tenants: readonly Tenant[]) {
    this.random = new Seeded(seed);
  }

  async play(): Promise<ProcessReport> {
    const provider = this.random.pick(['powerdns', 'rfc2136'] as const);
    // What does not come to its end is a finding of this run, and not the end of the others.
    await this.act(provider).catch(async (error: unknown) => this.findings.push(error instanceof Error ? error.message : String(error), ...(await this.deadServices())));
    return { seed: this.seed, provider, findings: this.findings, killed: this.killed, connections: this.orders.length };
  }

  /** Services that ended although nobody killed their last process, with their last words. */
  private async deadServices(): Promise<string[]> {
    const newest = new Map(this.world.product.services.map((service) => [service.service, service]));
    const dead = await Promise.all([...newest.values()].map(async (service) => ((await Promise.race([service.ended.then(() => true), nextTurn(false)])) ? [service] : [])));
    return dead.flat().map(({ service, logFile }) => `${service} is not running: ${readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? ''}`);
  }

  private async act(provider: ProcessReport['provider']): Promise<void> {
    const { world, random, seed, orders } = this;
    const zone = `storm${seed}.test.`;
    const records = foreignZone(random).filter(({ name }) => !name.startsWith('host')).map(({ name, type, value, ttlSeconds }) => ({ name: name === '' ? '@' : name, type, value, ttlSeconds }));
    const { server, credential } = await inTurn(() => (provider === 'powerdns' ? world.powerdnsZone(zone, records) : world.knotZone(zone, records)));
    const foreign = await this.answers(server, zone, records);

    const credentials = await Promise.all(this.tenants.map(({ api, applicationId }) => retried(() => api.must<{ id: string }>('POST', `/v1/applications/${applicationId}/credentials`, { provider, token: provider === 'powerdns' ? JSON.parse(credential) : credential }))));
    const kills = this.kill(() => orders, ['planning', 'writing', 'propagating', 'live']);
    for (const hostname of [...Array.from({ length: 4 }, (_host, at) => `h${at}`), 'www'].map((name) => `${name}.${zone.slice(0, -1)}`)) {
      const at = random.int(0, 1);
      const { api, applicationId, type, value } = this.tenants[at]!;
      const { id } = await retried(() => api.must<ConnectionBody>('POST', '/v1/connections', { application_id: applicationId, hostname, credential_id: credentials[at]!.id }, { 'idempotency-key': hostname }));
      orders.push({ hostname, type, value, id, api });
    }
    await kills;
    for (const order of orders) await this.ends(order);
    await this.check(server, orders, foreign, 'after the storm');

    const leaving = random.some(orders, 1, orders.length);
    const lateKills = this.kill(() => leaving, ['removing', 'archived']);
    for (const { api, id } of leaving) await retried(() => api.must('DELETE', `/v1/connections/${id}`));
    await lateKills;
    for (const order of leaving) await this.ends(order, 'archived');
    await this.check(server, orders, foreign, 'after the farewell');
  }

  /** One or two victims, each as soon as one of the connections was in such a state. */
  private async kill(orders: () => readonly Order[], states: readonly string[]): Promise<void> {
    for (let count = this.random.int(1, 2); count > 0; count--) {
      const [victim, state] = [this.random.weighted(victims), this.random.pick(states)];
      this.killed.push(victim);
      await this.seen(orders, [state, ...settled]);
      await inTurn(() => killAndRestart(this.world.product, victim));
    }
  }

  private async seen(orders: () => readonly Order[], states: readonly string[]): Promise<void> {
    await eventually(async () => (await Promise.all(orders().map(({ api, id }) => api.events(id)))).flat().some(({ state }) => state !== null && states.includes(state)), { what: `a connection in ${states.join(', ')}`, timeoutMs: patienceMs });
  }

  private async ends({ api, id, hostname }: Order, wanted?: string): Promise<void> {
    await eventually(async () => {
      const connection = await api.connection(id);
      const isOver = wanted === undefined ? settled.includes(connection.state) : connection.state === wanted;
      if (!isOver) throw new Error(`it is ${connection.state} (${JSON.stringify(connection.reason)})`);
      if (!['live', 'archived'].includes(connection.state) && connection.reason === null) this.findings.push(`${hostname} is ${connection.state} without a reason`);
      return true;
    }, { what: `${hostname} ${wanted ?? 'settled'}`, timeoutMs: patienceMs });
  }

  private async check(server: Place, orders: readonly Order[], foreign: ReadonlyMap<string, string[]>, when: string): Promise<void> {
    for (const [key, before] of foreign) {
      const [name = '', type = ''] = key.split(' ');
      const now = await this.world.valuesAt(server, name, type);
      if (JSON.stringify(now) !== JSON.stringify(before)) this.findings.push(`${when}: ${key} was ${before.join(', ')} and is ${now.join(', ')}`);
    }
    for (const { api, id, hostname, type, value } of orders) {
      // Another run may just have killed what answers.
      const { state } = await retried(() => api.connection(id));
      const values = await this.world.valuesAt(server, hostname, type);
      const isThere = values.includes(value);
      if (state === 'live' && !isThere) this.findings.push(`${when}: ${hostname} is live and lacks ${type} ${value}`);
      if (state === 'archived' && isThere && foreign.get(`${hostname}. ${type}`)?.includes(value) !== true) this.findings.push(`${when}: ${hostname} is archived and ${type} ${value} is still there`);
      if (values.length !== new Set(values).size) this.findings.push(`${when}: ${hostname} ${type} stands there twice`);
      const events = await retried(() => api.events(id));
      if (events.some(({ sequence }, at) => sequence !== at + 1)) this.findings.push(`${when}: the events of ${hostname} have a gap`);
    }
  }

  private async answers(server: Place, zone: string, records: readonly { name: string; type: string }[]): Promise<Map<string, string[]>> {
    const keys = new Set(records.map(({ name, type }) => `${name === '@' ? zone : `${name}.${zone}`} ${type}`));
    const found = new Map<string, string[]>();
    for (const key of keys) found.set(key, await this.world.valuesAt(server, key.split(' ')[0]!, key.split(' ')[1]!));
    return found;
  }
}

let last: Promise<unknown> = Promise.resolve();

/** What runs must not do at the same time: two kills would find no second process, and the DNS world makes one server after the other. */
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const mine = last.then(act);
  last = mine.catch(() => undefined);
  return mine;
}
