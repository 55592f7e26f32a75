import { displayName, groupRecords, ownerName, recordValue, type RecordSet } from '@connect/domain';
import { fakeWorld, type FakeWorld } from '../../conformance/index.js';
import { startHetznerFake, type FakeZone, type HetznerFake, type HetznerFakeOptions } from './hetzner.fake.js';
import { hetzner } from './index.js';

export const goodToken = 'jEheVytlAoFl7F8MqUQ7jAo2hOXASztXjEheVytlAoFl7F8MqUQ7jAo2hOXASztX';
const wrongToken = 'z'.repeat(64);

export type HetznerWorld = FakeWorld<HetznerFake>;

/** The adapter and the fake. Seeds and looks go straight to the fake's memory; nobody waits for an action. */
export async function hetznerWorld(options: Partial<HetznerFakeOptions> = {}): Promise<HetznerWorld> {
  const fake = await startHetznerFake({ credential: goodToken, rate: { limit: 1_000_000, perSecond: 1_000 }, ...options });
  return fakeWorld({
    provider: hetzner, fake, token: goodToken, wrongToken,
    oddTypes: ['TLSA'],
    openZone(apex) {
      const zone = fake.addZone({ name: displayName(apex) });
      return {
        add(seeds) {
          for (const { name, type, ttlSeconds = 300, value } of seeds) fake.addRrset(zone, { name: name || '@', type, ttl: ttlSeconds, values: [value] });
        },
        remove(sets) {
          zone.rrsets = zone.rrsets.filter((rrset) => !sets.some(({ name, type }) => (name.toLowerCase() || '@') === rrset.name && type === rrset.type));
        },
        recordSets: () => setsOf(zone),
      };
    },
  });
}

/** Without SOA. Targets in the suite are absolute. */
export function setsOf(zone: FakeZone): RecordSet[] {
  return groupRecords(zone.rrsets.filter(({ type }) => type !== 'SOA').flatMap(({ name, type, ttl, records }) =>
    records.map(({ value }) => ({ ownerName: ownerName(name === '@' ? zone.name : `${name}.${zone.name}`), type, ttlSeconds: ttl ?? zone.ttl, value: recordValue(type, value) }))));
}
