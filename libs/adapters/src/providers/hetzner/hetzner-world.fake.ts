import { groupRecords, ownerName, recordValue, secret, type RecordSet } from '@connect/domain';
import { transportToFakes, type Seed, type World } from '../../conformance/index.js';
import { startHetznerFake, type FakeZone, type HetznerFake, type HetznerFakeOptions } from './hetzner.fake.js';
import { hetzner } from './index.js';

export const goodToken = 'jEheVytlAoFl7F8MqUQ7jAo2hOXASztXjEheVytlAoFl7F8MqUQ7jAo2hOXASztX';
const wrongToken = 'z'.repeat(64);

export type HetznerWorld = World & { fake: HetznerFake };

/** The adapter and the fake. Seeds and looks go straight to the fake's memory; nobody waits for an action. */
export async function hetznerWorld(options: Partial<HetznerFakeOptions> = {}): Promise<HetznerWorld> {
  const fake = await startHetznerFake({ credential: goodToken, rate: { limit: 1_000_000, perSecond: 1_000 }, ...options });
  const transport = transportToFakes({ 'https://api.hetzner.cloud': fake.origin });
  let count = 0;
  return {
    fake,
    provider: hetzner,
    protocol: 'http',
    token: goodToken,
    wrongToken,
    secrets: [goodToken, wrongToken],
    oddTypes: ['TLSA'],
    portsFor: (token) => ({ ...transport.portsFor(hetzner, secret(token)), pause: () => Promise.resolve() }),
    newZone(seed) {
      const name = `zone-${++count}.test`;
      const zone = fake.addZone({ name });
      const add = (seeds: readonly Seed[]): void => {
        for (const each of seeds) fake.addRrset(zone, { name: each.name === '' ? '@' : each.name, type: each.type, ttl: each.ttlSeconds ?? 300, values: [each.value] });
      };
      add(seed);
      return Promise.resolve({
        apex: ownerName(name),
        edit({ add: added = [], remove = [] }) {
          zone.rrsets = zone.rrsets.filter((rrset) => !remove.some((each) => (each.name === '' ? '@' : each.name.toLowerCase()) === rrset.name && each.type === rrset.type));
          add(added);
          return Promise.resolve();
        },
        readBack: () => Promise.resolve(setsOf(zone)),
      });
    },
    async stop() {
      await transport.close();
      await fake.stop();
    },
  };
}

/** Without SOA. Targets in the suite are absolute. */
export function setsOf(zone: FakeZone): RecordSet[] {
  return groupRecords(zone.rrsets.filter(({ type }) => type !== 'SOA').flatMap(({ name, type, ttl, records }) =>
    records.map(({ value }) => ({ ownerName: ownerName(name === '@' ? zone.name : `${name}.${zone.name}`), type, ttlSeconds: ttl ?? zone.ttl, value: recordValue(type, value) }))));
}
