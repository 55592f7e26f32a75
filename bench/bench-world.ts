import { join } from 'node:path';
import pg from 'pg';
import { startDnsWorld, startPowerdns, type RunningPowerdns, type ZoneInput } from '@connect/local-parts';
import { forgetLocalProduct, startLocalProduct, type LocalProduct } from '@connect/local-product';
import { newTenant } from '../scripts/start/first-key.js';

/** The product, a DNS world with PowerDNS as the provider, and a tenant with a key. */
export type BenchWorld = {
  product: LocalProduct;
  powerdns: RunningPowerdns;
  startedInMs: number;
  key: string;
  tenantId: string;
  call<Body>(method: string, path: string, body?: unknown): Promise<Body>;
  /** Makes zones `<name>.test.`, delegated to PowerDNS. */
  zones(names: readonly string[], records?: ZoneInput['records']): Promise<void>;
  /** Of all tenants, from the gateway's own table. */
  countLive(): Promise<number>;
  stop(): Promise<void>;
};

/** `concurrentZones`: how many zones one worker serves at once, and so how many provider calls are in flight. */
export async function startBenchWorld(progress: (text: string) => void, { concurrentZones = 64 }: { concurrentZones?: number } = {}): Promise<BenchWorld> {
  const dir = join(process.cwd(), '.data', 'bench');
  forgetLocalProduct(dir);
  const dns = await startDnsWorld({ dir: join(dir, 'dns'), progress });
  const powerdns = await startPowerdns({ dir: join(dir, 'powerdns'), ...dns.place(), progress });
  const startedMs = performance.now();
  const outgoing = { OUTGOING_ALLOW: '127.0.0.0/8', LOG_LEVEL: 'warn' };
  const product = await startLocalProduct({ root: process.cwd(), dir: join(dir, 'product'), progress, env: {
    // Out of reach, and still counted: what it costs is a part of the figures.
    gateway: { LOG_LEVEL: 'info', RATE_LIMIT_PER_MINUTE: '1000000' }, 'dns-worker': { ...outgoing, LOG_LEVEL: 'info', CONCURRENT_ZONES: `${concurrentZones}` }, verifier: { ...outgoing, LOG_LEVEL: 'info', DNS_ROOTS: dns.dnsRoots, DNS_PORT_MAP: dns.dnsPortMap },
  } });
  const startedInMs = performance.now() - startedMs;
  const { key, id: tenantId } = await newTenant(product, 'Bench');
  const database = new pg.Pool({ connectionString: product.databaseUrls.gateway, max: 1 });
  return {
    product, powerdns, startedInMs, key, tenantId,
    async call(method, path, body) {
      const response = await fetch(`${product.baseUrl}${path}`, { method, headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? undefined : JSON.stringify(body) });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return JSON.parse(text === '' ? '{}' : text) as never;
    },
    async zones(names, records) {
      for (const name of names) await powerdns.addZone({ name: `${name}.test.`, records });
      // One change of the top-level zone for all: each delegation of its own would take a transaction.
      await dns.tldServer.change('test.', { add: names.flatMap((name) => [{ name: `${name}.test.`, type: 'NS', value: `ns1.${name}.test.` }, { name: `ns1.${name}.test.`, type: 'A', value: powerdns.address }]) });
    },
    async countLive() {
      const [row] = (await database.query<{ count: string }>("SELECT count(*) FROM connection WHERE state = 'live'")).rows;
      return Number(row?.count ?? 0);
    },
    async stop() {
      await database.end();
      await product.stop();
      await Promise.all([powerdns.stop(), dns.stop()]);
    },
  };
}
