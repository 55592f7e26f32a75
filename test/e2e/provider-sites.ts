import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { providerCatalogue } from '@connect/adapters/catalogue';
import { startFakeServer, type FakeServer, type FakeWorld, type Seed } from '@connect/adapters/conformance';
import { parseTsigKey, transferZone } from '@connect/dns-client';
import { groupRecords, ownerName, type OwnerName, type RecordSet } from '@connect/domain';
import { startRelay } from '@connect/local-parts';
import { leastRights } from './provider-rights.js';
import type { Place, WholeWorld } from './whole-world.js';

/** A provider with one zone of a customer, as the whole product meets it. */
export type ProviderSite = {
  provider: string;
  apex: OwnerName;
  /** As the customer stores it. */
  token: string;
  /** What the connection names as its zone, where the credential may not look for it. */
  zone: string | undefined;
  /** Where the zone is published. */
  server: Place;
  /** What the provider really holds, without SOA. */
  readBack(): Promise<RecordSet[]>;
  /** Calls that reached the provider so far. */
  calls(): number;
};

/** Tested on the real server; every other provider of the registry has a fake. */
const realServers = ['powerdns', 'rfc2136'] as const;
export const providersWithFake: readonly string[] = providerCatalogue.descriptors().map(({ id }) => id).filter((id) => !realServers.some((real) => real === id));
export const allProviders: readonly string[] = [...providersWithFake, ...realServers];

export type RunningFakes = { worlds: ReadonlyMap<string, FakeWorld<FakeServer>>; /** The setting PROVIDER_REROUTE. */ reroute: string; stop(): Promise<void> };

/** Starts the fakes with the narrowest credential that each of them honours. They have to run before the worker that is sent to them. */
export async function startFakes(providers: readonly string[], zoneOf: (provider: string) => OwnerName, options: Readonly<Record<string, object>> = {}): Promise<RunningFakes> {
  const worlds = new Map<string, FakeWorld<FakeServer>>();
  await Promise.all(providers.map(async (provider) => {
    const rights = rightsAt(provider, zoneOf(provider));
    const world = await (await worldFunction(provider))({ ...rights?.options, ...options[provider] });
    rights?.grant?.(world);
    worlds.set(provider, world);
  }));
  return {
    worlds,
    reroute: JSON.stringify(Object.assign({}, ...[...worlds.values()].map(({ reroute }) => reroute))),
    async stop() {
      await Promise.all([...worlds.values()].map((world) => world.stop()));
    },
  };
}

/** A zone in the provider's fake, published on an authoritative server of the world. */
export async function siteAtFake(whole: WholeWorld, world: FakeWorld<FakeServer>, apex: OwnerName, seed: readonly Seed[]): Promise<ProviderSite> {
  const provider = world.provider.descriptor.id;
  const rights = rightsAt(provider, apex);
  const { readBack } = await world.newZone(seed, apex);
  const server = await whole.publishedZone(apex, readBack);
  return { provider, apex, token: rights?.token ?? world.token, zone: rights?.zone, server, readBack, calls: () => world.fake.requests.length };
}

/** PowerDNS or Knot of the world; what the product sends them passes by us and is counted. */
export async function siteAtServer(whole: WholeWorld, provider: (typeof realServers)[number], apex: OwnerName, seed: readonly Seed[]): Promise<ProviderSite & { stop(): Promise<void> }> {
  const records = seed.map((record) => ({ ...record, name: record.name === '' ? '@' : record.name }));
  if (provider === 'powerdns') {
    const { server, credential } = await whole.powerdnsZone(apex, records);
    const passing = await startFakeServer({
      async handle({ method, path, query, headers, body }) {
        const answer = await fetch(`${new URL(whole.powerdns.apiUrl).origin}${path}${query.size > 0 ? `?${query}` : ''}`, { method, headers: { 'x-api-key': headers['x-api-key'] ?? '', 'content-type': 'application/json' }, body: body === '' ? undefined : body });
        return { status: answer.status, headers: { 'content-type': 'application/json' }, text: await answer.text() };
      },
    });
    const token = JSON.stringify({ ...JSON.parse(credential), url: passing.origin });
    return { provider, apex, token, zone: undefined, server, readBack: () => whole.heldAtPowerdns(apex), calls: () => passing.requests.length, stop: passing.stop };
  }
  const { server, credential } = await whole.knotZone(apex, records);
  const { key_name, algorithm, secret } = JSON.parse(credential) as Record<string, string>;
  const relay = await startRelay({ ...whole.dns.place(), to: server });
  const token = JSON.stringify({ ...JSON.parse(credential), server: relay.address, port: relay.port });
  return {
    provider, apex, token, zone: undefined, server,
    async readBack() {
      const answer = await transferZone({ ip: server.address, port: server.port }, apex, parseTsigKey(`${algorithm}:${key_name}:${secret}`), { signal: AbortSignal.timeout(5_000) });
      if ('refused' in answer) throw new Error(`The transfer of ${apex} was refused: ${answer.refused.rcode}`);
      return groupRecords(answer.records.filter(({ type }) => type !== 'SOA'));
    },
    // Each question of ours opens a connection of its own.
    calls: () => relay.connections,
    stop: relay.stop,
  };
}

function rightsAt(provider: string, apex: OwnerName): ReturnType<(typeof leastRights)[string]> | undefined {
  return leastRights[provider]?.(apex.slice(0, -1));
}

/** The folder of a provider exports one function that makes its world. */
async function worldFunction(provider: string): Promise<(options: object) => Promise<FakeWorld<FakeServer>>> {
  const file = join(process.cwd(), 'libs', 'adapters', 'src', 'providers', provider, `${provider}-world.fake.ts`);
  const exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const found = Object.entries(exported).find(([name, value]) => name.endsWith('World') && typeof value === 'function');
  if (found === undefined) throw new Error(`${file} exports no function that ends in World`);
  return found[1] as (options: object) => Promise<FakeWorld<FakeServer>>;
}

export function siteZone(provider: string): OwnerName {
  return ownerName(`${provider}-shop.test.`);
}
