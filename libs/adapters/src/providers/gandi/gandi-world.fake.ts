import { displayName, groupRecords, ownerName, recordValue, type RecordSet } from '@connect/domain';
import { fakeWorld, type FakeWorld } from '../../conformance/index.js';
import { startGandiFake, type FakeDomain, type GandiFake, type GandiFakeOptions } from './gandi.fake.js';
import { gandi } from './index.js';

export const goodToken = 'd24da6ddb55a78486ffd7980d3a74d77118f4b90';
export const apiKey = '0123456789abcdefghijklmn';
const wrongToken = 'ffffffffffffffffffffffffffffffffffffffff';

export type GandiWorld = FakeWorld<GandiFake>;

/** The adapter and the fake. Seeds and looks go straight to the fake's memory. */
export async function gandiWorld(options: Partial<GandiFakeOptions> = {}): Promise<GandiWorld> {
  const fake = await startGandiFake({ credential: goodToken, callsPerMinute: 1_000_000, ...options });
  return fakeWorld({
    provider: gandi, fake, token: goodToken, wrongToken,
    // LOC stands in their list of types and was seen to be refused.
    oddTypes: ['TLSA', 'SSHFP', 'NAPTR'],
    openZone(apex) {
      const domain = fake.addDomain({ name: displayName(apex) });
      return {
        add(seeds) {
          for (const { name, type, ttlSeconds = 300, value } of seeds) fake.addRrset(domain, { name: name || '@', type, ttl: ttlSeconds, values: [value] });
        },
        remove(sets) {
          domain.rrsets = domain.rrsets.filter((set) => !sets.some(({ name, type }) => (name.toLowerCase() || '@') === set.rrset_name && type === set.rrset_type));
        },
        recordSets: () => setsOf(domain),
      };
    },
  });
}

/** Targets in the suite are absolute. */
export function setsOf({ name, rrsets }: FakeDomain): RecordSet[] {
  return groupRecords(rrsets.flatMap(({ rrset_name: relative, rrset_type: type, rrset_ttl: ttlSeconds, rrset_values: values }) =>
    values.map((value) => ({ ownerName: ownerName(relative === '@' ? name : `${relative}.${name}`), type, ttlSeconds, value: recordValue(type, value) }))));
}
