import type { Provider, ProviderPorts } from '@connect/adapters/spi';
import type { OwnerName, RecordSet } from '@connect/domain';
import { cloudflareWorld } from '../../libs/adapters/src/providers/cloudflare/cloudflare-world.fake.js';
import { desecWorld } from '../../libs/adapters/src/providers/desec/desec-world.fake.js';
import { digitaloceanWorld } from '../../libs/adapters/src/providers/digitalocean/digitalocean-world.fake.js';
import { gandiWorld } from '../../libs/adapters/src/providers/gandi/gandi-world.fake.js';
import { namecheapWorld } from '../../libs/adapters/src/providers/namecheap/namecheap-world.fake.js';
import { route53World } from '../../libs/adapters/src/providers/route53/route53-world.fake.js';

export const placeNames = ['cloudflare', 'route53', 'namecheap', 'digitalocean', 'desec', 'gandi'] as const;
export type PlaceName = (typeof placeNames)[number];
export type Seed = { name: string; type: string; ttlSeconds: number; value: string };
export type Fault = 'unreachable' | 'lost' | 'html' | 'cut' | { status: number; headers?: Record<string, string>; text: string };

/** A zone at one provider: the real adapter's way to it, and ways beside it that lead to the fake's memory. */
export type Place = {
  name: PlaceName;
  provider: Provider;
  token: string;
  /** Well formed, and not accepted. */
  wrongToken: string;
  apex: OwnerName;
  ports(token: string): ProviderPorts;
  /** The next request meets it. */
  fail(fault: Fault): void;
  /** Somebody else adds records, or takes whole sets away. */
  add(seeds: readonly Seed[]): Promise<void>;
  remove(sets: readonly Pick<Seed, 'name' | 'type'>[]): Promise<void>;
  recordSets(): Promise<RecordSet[]>;
  /** Keeps the zone as it is now; what it returns answers a read with that state, whatever was written since. */
  remember(): <T>(read: () => Promise<T>) => Promise<T>;
  /** Each record as the provider holds it, without its id: what stands twice here is there twice. */
  rows(): string[];
  stop(): Promise<void>;
};
export type PlaceOptions = { now(): Date; /** In the fake's pause between validation and write. */ inPause(): Promise<void> };

type Opened = {
  world: {
    provider: Provider; token: string; wrongToken: string;
    portsFor(token: string): ProviderPorts;
    newZone(seed: readonly Seed[]): Promise<{ apex: OwnerName; edit(change: { add?: readonly Seed[]; remove?: readonly Pick<Seed, 'name' | 'type'>[] }): Promise<void>; readBack(): Promise<RecordSet[]> }>;
    fake: { fail(rule: { fault: Fault }): void };
    stop(): Promise<void>;
  };
  /** The fake's memory, by zone. */
  zones: Map<string, object>;
  rows(): unknown[][];
};

/** Small pages, so that a list has several of them. */
const perPage = 6;

export async function openPlace(name: PlaceName, seed: readonly Seed[], options: PlaceOptions): Promise<Place> {
  const { world, zones, rows } = await openers[name](options);
  const zone = await world.newZone(seed);
  return {
    name, apex: zone.apex, provider: world.provider, token: world.token, wrongToken: world.wrongToken,
    ports: (token) => world.portsFor(token),
    fail: (fault) => world.fake.fail({ fault }),
    add: (seeds) => zone.edit({ add: seeds }),
    remove: (sets) => zone.edit({ remove: sets }),
    recordSets: () => zone.readBack(),
    remember: () => remembered(zones),
    rows: () => rows().map((row) => JSON.stringify(row)),
    stop: () => world.stop(),
  };
}

/** Whoever holds on to a zone of the fake, such as its editor, keeps the real one. */
function remembered(zones: Map<string, object>): ReturnType<Place['remember']> {
  const before = [...zones].map(([key, zone]): [string, object] => [key, Object.assign(Object.create(Object.getPrototypeOf(zone) as object) as object, structuredClone({ ...zone }))]);
  return async (read) => {
    const present = [...zones];
    for (const [key, zone] of before) zones.set(key, zone);
    try {
      return await read();
    } finally {
      for (const [key, zone] of present) zones.set(key, zone);
    }
  };
}

const openers: Readonly<Record<PlaceName, (options: PlaceOptions) => Promise<Opened>>> = {
  async cloudflare({ inPause }) {
    const world = await cloudflareWorld({ maxPerPage: perPage, betweenCheckAndWrite: inPause });
    return { world, zones: world.fake.zones, rows: () => [...world.fake.zones.values()].flatMap(({ records }) => records.map(({ name, type, content, priority, data }) => [name, type, content, priority ?? null, data ?? null])) };
  },
  async route53({ now }) {
    // A change batch is one act there: nobody comes between its check and its effect.
    const world = await route53World({ now });
    return { world, zones: world.fake.zones, rows: () => [...world.fake.zones.values()].flatMap(({ sets }) => [...sets.values()].flatMap(({ name, type, values }) => values.map((value) => [name, type, value]))) };
  },
  async namecheap({ inPause }) {
    const world = await namecheapWorld({ betweenCheckAndWrite: inPause });
    return { world, zones: world.fake.domains, rows: () => [...world.fake.domains.values()].flatMap(({ hosts }) => hosts.map(({ name, type, address, mxPref }) => [name, type, address, type === 'MX' ? mxPref : null])) };
  },
  async digitalocean({ inPause }) {
    const world = await digitaloceanWorld({ betweenCheckAndWrite: inPause });
    return { world, zones: world.fake.domains, rows: () => [...world.fake.domains.values()].flatMap(({ records }) => records.map(({ name, type, data, priority, flags, tag }) => [name, type, data, priority, flags, tag])) };
  },
  async desec({ inPause }) {
    const world = await desecWorld({ pageSize: perPage, betweenCheckAndWrite: inPause });
    return { world, zones: world.fake.domains, rows: () => [...world.fake.domains.values()].flatMap(({ rrsets }) => rrsets.flatMap(({ subname, type, records }) => records.map((record) => [subname, type, record]))) };
  },
  async gandi({ inPause }) {
    const world = await gandiWorld({ betweenCheckAndWrite: inPause });
    return { world, zones: world.fake.domains, rows: () => [...world.fake.domains.values()].flatMap(({ rrsets }) => rrsets.flatMap(({ rrset_name: at, rrset_type: type, rrset_values: values }) => values.map((value) => [at, type, value]))) };
  },
};
