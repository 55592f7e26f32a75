import { ownerName, secret, type OwnerName, type RecordSet } from '@connect/domain';
import type { Provider } from '../spi/index.js';
import { transportToFakes, type FakeServer } from './fake-server.js';
import type { Seed, World, WorldZone } from './stage.js';

/** A zone in the memory of a fake: seeded, edited and read without the adapter, and by other words than its conversion. */
export type HeldZone = {
  /** The first call seeds the zone, and comes in any case. */
  add(seeds: readonly Seed[]): void;
  /** Whole sets; a name is relative to the zone, and '' is the apex. */
  remove(sets: readonly Pick<Seed, 'name' | 'type'>[]): void;
  /** Without SOA. */
  recordSets(): RecordSet[];
};

/** Most fakes hold a zone as a list of records. `isAt`: is the record at this name, in lower case? */
export function heldRecords<Held extends { type: string }>(zone: { records: Held[] }, parts: { add(seed: Seed): void; isAt(record: Held, name: string): boolean; recordSets(): RecordSet[] }): HeldZone {
  return {
    add: (seeds) => seeds.forEach((seed) => parts.add(seed)),
    remove(sets) {
      zone.records = zone.records.filter((record) => !sets.some(({ name, type }) => record.type === type && parts.isAt(record, name.toLowerCase())));
    },
    recordSets: () => parts.recordSets(),
  };
}

export type FakeWorldParts<Fake> = {
  provider: Provider;
  fake: Fake;
  token: string;
  /** Well formed, and not accepted. */
  wrongToken: string;
  /** Default: both tokens. Parts of them where a token is made of parts. */
  secrets?: readonly string[];
  oddTypes: World['oddTypes'];
  /** Opens an empty zone; `count` tells how many there were with this one. */
  openZone(apex: OwnerName, count: number): HeldZone;
};

export type FakeWorld<Fake> = Omit<World, 'newZone'> & {
  fake: Fake;
  /** Each declared host, and the fake in its place. */
  reroute: Readonly<Record<string, string>>;
  /** Default apex: another one each time. */
  newZone(seed: readonly Seed[], apex?: OwnerName): Promise<WorldZone>;
};

/** The world of a provider with a fake: the real transport sends each declared host to the fake, and nobody waits in pauses. */
export function fakeWorld<Fake extends Pick<FakeServer, 'origin' | 'stop'>>({ provider, fake, token, wrongToken, secrets = [token, wrongToken], oddTypes, openZone }: FakeWorldParts<Fake>): FakeWorld<Fake> {
  const { hosts } = provider.descriptor;
  const reroute = Object.fromEntries((hosts === 'from_credential' ? [] : hosts).map((host) => [`https://${host}`, fake.origin]));
  const transport = transportToFakes(reroute);
  let count = 0;
  return {
    fake, provider, token, wrongToken, secrets, oddTypes, reroute,
    protocol: 'http',
    portsFor: (each) => ({ ...transport.portsFor(provider, secret(each)), pause: () => Promise.resolve() }),
    newZone(seed, apex = ownerName(`zone-${count + 1}.test.`)) {
      count++;
      const zone = openZone(apex, count);
      zone.add(seed);
      return Promise.resolve({
        apex,
        edit({ add = [], remove = [] }) {
          zone.remove(remove);
          zone.add(add);
          return Promise.resolve();
        },
        readBack: () => Promise.resolve(zone.recordSets()),
      });
    },
    async stop() {
      await transport.close();
      await fake.stop();
    },
  };
}
