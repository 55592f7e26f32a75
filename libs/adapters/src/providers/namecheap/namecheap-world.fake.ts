import { groupRecords, recordValue, txtBytes, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { startNamecheapFake, type NamecheapFake, type NamecheapFakeOptions } from './namecheap.fake.js';
import { hostOf, type FakeDomain, type FakeHost, type FakeHostInput } from './namecheap-hosts.fake.js';
import { namecheap } from './index.js';

const key = '0123456789abcdef0123456789abcdef';
const wrongKey = 'ffffffffffffffffffffffffffffffff';
export const goodCredential = `shopkeeper:${key}:127.0.0.1`;

export type NamecheapWorld = FakeWorld<NamecheapFake>;

/** The adapter and the fake. Seeds and looks go straight to the fake's memory, and by other words than the adapter's. */
export async function namecheapWorld(options: Partial<NamecheapFakeOptions> = {}): Promise<NamecheapWorld> {
  const fake = await startNamecheapFake({ credential: goodCredential, rate: { minute: 100_000, hour: 100_000, day: 100_000 }, ...options });
  return fakeWorld({
    provider: namecheap, fake, token: goodCredential, wrongToken: `shopkeeper:${wrongKey}:127.0.0.1`,
    secrets: [key, wrongKey],
    oddTypes: [],
    openZone(apex) {
      const zone: { domain?: FakeDomain } = {};
      const hosts = (): readonly FakeHost[] => zone.domain?.hosts ?? [];
      return {
        // The first hosts decide on the mail setting and the row limit.
        add(seeds) {
          const given = seeds.map(hostInput);
          if (zone.domain === undefined) zone.domain = fake.addZone({ name: apex, hosts: given });
          else zone.domain.hosts = [...hosts(), ...given.map(hostOf)];
        },
        remove(sets) {
          if (zone.domain !== undefined) zone.domain.hosts = hosts().filter((host) => !sets.some(({ name, type }) => host.type === type && host.name.toLowerCase() === (name || '@')));
        },
        recordSets: () => setsOf(hosts(), apex),
      };
    },
  });
}

function hostInput({ name, type, ttlSeconds = 300, value }: Seed): FakeHostInput {
  const host = { name: name === '' ? '@' : name, type, ttl: String(ttlSeconds) };
  if (type === 'MX') return { ...host, mxPref: value.split(' ')[0]!, address: value.split(' ')[1]! };
  return { ...host, address: type === 'TXT' ? txtBytes(value).toString('utf8') : value };
}

export function setsOf(hosts: readonly FakeHost[], apex: OwnerName): RecordSet[] {
  return groupRecords(hosts.map(({ name, type, address, mxPref, ttl }) => ({
    ownerName: name === '@' ? apex : nameIn(apex, name), type, ttlSeconds: ttl === '1799' ? 1_800 : Number(ttl),
    value: type === 'TXT' ? txtValue(address) : recordValue(type, type === 'MX' ? `${mxPref} ${address}` : address),
  })));
}
