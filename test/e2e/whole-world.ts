import { exchange } from '@connect/dns-client';
import { ownerName, recordValue, type RecordSet } from '@connect/domain';
import { newTsigKey, startDnsWorld, startPowerdns, startTinyAuthoritative, type DnsWorld, type RunningPowerdns, type WorldServer } from '@connect/local-parts';
import { startLocalProduct, type LocalProduct, type LocalProductOptions } from '@connect/local-product';
import { temporaryFolder } from '@connect/testing';
import { newTenant } from '../../scripts/start/first-key.js';
import { ApiClient } from './api-client.js';

export type Place = { address: string; port: number };

/** The product as four processes with real Postgres and NATS, and a small Internet's worth of real DNS servers. */
export type WholeWorld = {
  product: LocalProduct;
  /** Where the product keeps its data, its bus and its logs. */
  productDir: string;
  dns: DnsWorld;
  powerdns: RunningPowerdns;
  /** A tenant of its own with a key that may do everything. */
  tenant(name: string): Promise<ApiClient>;
  /** A zone at Knot, delegated, with an update key; the credential is what a customer would store. */
  knotZone(zone: string, records?: ZoneRecords): Promise<{ server: Place; credential: string }>;
  /** A zone at PowerDNS, delegated. */
  powerdnsZone(zone: string, records?: ZoneRecords): Promise<{ server: Place; credential: string }>;
  /** What PowerDNS holds of a zone, in its own order, without SOA. */
  heldAtPowerdns(zone: string): Promise<RecordSet[]>;
  /** The same to the letter, as its API gives it. */
  dumpOfPowerdns(zone: string): Promise<string>;
  /** The owner of the zone replaces a set by his own hand; no values: he deletes it. */
  editAtPowerdns(zone: string, name: string, type: string, values: readonly string[], ttlSeconds?: number): Promise<void>;
  /** A zone that somebody else keeps, a provider's fake say: published as it is at the moment of each question, and delegated. */
  publishedZone(zone: string, readBack: () => Promise<RecordSet[]>): Promise<Place>;
  /** What the zone's server answers with authority, sorted. */
  valuesAt(server: Place, name: string, type: string): Promise<string[]>;
  stop(): Promise<void>;
};
type ZoneRecords = { name: string; type: string; value: string; ttlSeconds?: number }[];

export async function startWholeWorld(options: Pick<LocalProductOptions, 'replicas' | 'env' | 'durable'> = {}): Promise<WholeWorld> {
  const folder = temporaryFolder('whole-world');
  const dns = await startDnsWorld({ dir: `${folder.path}/dns` });
  const powerdnsPlace = dns.place();
  const publisher = await startTinyAuthoritative(dns.place());
  const outgoing = { OUTGOING_ALLOW: '127.0.0.0/8', NODE_ENV: 'test' };
  const [powerdns, product] = await Promise.all([
    startPowerdns({ dir: `${folder.path}/powerdns`, ...powerdnsPlace }),
    startLocalProduct({
      root: process.cwd(), dir: `${folder.path}/product`, durable: options.durable ?? false, replicas: options.replicas,
      env: {
        gateway: { NODE_ENV: 'test', SWEEP_EVERY_MS: '500', RATE_LIMIT_PER_MINUTE: '1000000', ...options.env?.gateway },
        'credential-vault': { NODE_ENV: 'test', ...options.env?.['credential-vault'] },
        'dns-worker': { ...outgoing, ...options.env?.['dns-worker'] },
        verifier: { ...outgoing, DNS_ROOTS: dns.dnsRoots, DNS_PORT_MAP: dns.dnsPortMap, ...options.env?.verifier },
      },
    }),
  ]);
  return {
    product, productDir: `${folder.path}/product`, dns, powerdns,
    async tenant(name) {
      const { id, key } = await newTenant(product, name);
      return new ApiClient(product.baseUrl, key, id);
    },
    async knotZone(zone, records = []) {
      const key = newTsigKey();
      const server = await dns.host({ name: zone, records }, { key });
      return { server, credential: JSON.stringify({ server: server.address, port: server.port, key_name: key.name, algorithm: key.algorithm, secret: key.secret }) };
    },
    async powerdnsZone(zone, records = []) {
      await powerdns.addZone({ name: zone, records });
      const server: WorldServer = { name: `ns1.${zone}`, address: powerdns.address, port: powerdns.port };
      await dns.delegate(zone, [server]);
      return { server: powerdns, credential: JSON.stringify({ url: powerdns.apiUrl.replace(/\/api\/v1.*$/, ''), api_key: powerdns.apiKey, allow_http: true }) };
    },
    async heldAtPowerdns(zone) {
      return (await setsAt(powerdns, zone)).map(({ name, type, ttl, records }) => ({ ownerName: ownerName(name), type, ttlSeconds: ttl, values: records.map(({ content }) => recordValue(type, content)) }));
    },
    dumpOfPowerdns: async (zone) => (await setsAt(powerdns, zone)).map((set) => JSON.stringify(set)).sort().join('\n'),
    async editAtPowerdns(zone, name, type, values, ttlSeconds = 300) {
      const set = { name, type, ttl: ttlSeconds, changetype: values.length === 0 ? 'DELETE' : 'REPLACE', records: values.map((content) => ({ content, disabled: false })) };
      const answer = await fetch(`${powerdns.apiUrl}/zones/${zone}`, { method: 'PATCH', headers: { 'x-api-key': powerdns.apiKey }, body: JSON.stringify({ rrsets: [set] }) });
      if (!answer.ok) throw new Error(`PowerDNS refused an edit (${answer.status}): ${await answer.text()}`);
    },
    async publishedZone(zone, readBack) {
      const source = async () => (await readBack()).flatMap(({ values, ...set }) => values.map((value) => ({ ...set, value })));
      await publisher.addZone({ name: zone }, { source });
      await dns.delegate(zone, [{ name: `ns1.${zone}`, address: publisher.address, port: publisher.port }]);
      return publisher;
    },
    async valuesAt(server, name, type) {
      const answer = await exchange({ ip: server.address, port: server.port }, { ownerName: ownerName(name), type }, { signal: AbortSignal.timeout(5_000) });
      return answer.answers.filter((record) => record.type === type).map((record) => record.value).sort();
    },
    async stop() {
      await product.stop();
      await Promise.all([powerdns.stop(), publisher.stop(), dns.stop()]);
      folder.remove();
    },
  };
}

type PowerdnsSet = { name: string; type: string; ttl: number; records: { content: string }[] };

async function setsAt({ apiUrl, apiKey }: RunningPowerdns, zone: string): Promise<PowerdnsSet[]> {
  const answer = await fetch(`${apiUrl}/zones/${zone}`, { headers: { 'x-api-key': apiKey } });
  return ((await answer.json()) as { rrsets: PowerdnsSet[] }).rrsets.filter(({ type }) => type !== 'SOA');
}
