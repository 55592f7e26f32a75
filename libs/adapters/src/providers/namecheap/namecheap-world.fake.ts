import { groupRecords, ownerName, recordValue, secret, txtBytes, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { nameIn, transportToFakes, type Seed, type World } from '../../conformance/index.js';
import { startNamecheapFake, type NamecheapFake, type NamecheapFakeOptions } from './namecheap.fake.js';
import { hostOf, type FakeHost, type FakeHostInput } from './namecheap-hosts.fake.js';
import { namecheap } from './index.js';

const key = '0123456789abcdef0123456789abcdef';
const wrongKey = 'ffffffffffffffffffffffffffffffff';
export const goodCredential = `shopkeeper:${key}:127.0.0.1`;

export type NamecheapWorld = World & { fake: NamecheapFake };

/** The adapter and the fake. Seeds and looks go straight to the fake's memory, and by other words than the adapter's. */
export async function namecheapWorld(options: Partial<NamecheapFakeOptions> = {}): Promise<NamecheapWorld> {
  const fake = await startNamecheapFake({ credential: goodCredential, rate: { minute: 100_000, hour: 100_000, day: 100_000 }, ...options });
  const transport = transportToFakes({ 'https://api.namecheap.com': fake.origin });
  let count = 0;
  return {
    fake,
    provider: namecheap,
    protocol: 'http',
    token: goodCredential,
    wrongToken: `shopkeeper:${wrongKey}:127.0.0.1`,
    secrets: [key, wrongKey],
    oddTypes: [],
    // Nothing has to be waited for: the fake moves on by looks, not by time.
    portsFor: (token) => ({ ...transport.portsFor(namecheap, secret(token)), pause: () => Promise.resolve() }),
    newZone(seed) {
      const apex = ownerName(`zone-${++count}.test.`);
      const domain = fake.addZone({ name: apex, hosts: seed.map(hostInput) });
      return Promise.resolve({
        apex,
        edit({ add = [], remove = [] }) {
          const kept = domain.hosts.filter((host) => !remove.some(({ name, type }) => host.type === type && host.name.toLowerCase() === (name === '' ? '@' : name)));
          domain.hosts = [...kept, ...add.map((each) => hostOf(hostInput(each)))];
          return Promise.resolve();
        },
        readBack: () => Promise.resolve(setsOf(domain.hosts, apex)),
      });
    },
    async stop() {
      await transport.close();
      await fake.stop();
    },
  };
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
