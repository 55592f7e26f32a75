import { groupRecords, ownerName, recordValue, secret, type RecordSet } from '@connect/domain';
import { transportToFakes, type Seed, type World } from '../../conformance/index.js';
import { startGandiFake, type FakeDomain, type GandiFake, type GandiFakeOptions } from './gandi.fake.js';
import { gandi } from './index.js';

export const goodToken = 'd24da6ddb55a78486ffd7980d3a74d77118f4b90';
export const apiKey = '0123456789abcdefghijklmn';
const wrongToken = 'ffffffffffffffffffffffffffffffffffffffff';

export type GandiWorld = World & { fake: GandiFake };

/** The adapter and the fake. Seeds and looks go straight to the fake's memory. */
export async function gandiWorld(options: Partial<GandiFakeOptions> = {}): Promise<GandiWorld> {
  const fake = await startGandiFake({ credential: goodToken, callsPerMinute: 1_000_000, ...options });
  const transport = transportToFakes({ 'https://api.gandi.net': fake.origin, 'https://id.gandi.net': fake.origin });
  let count = 0;
  return {
    fake,
    provider: gandi,
    protocol: 'http',
    token: goodToken,
    wrongToken,
    secrets: [goodToken, wrongToken],
    // LOC stands in their list of types and was seen to be refused.
    oddTypes: ['TLSA', 'SSHFP', 'NAPTR'],
    portsFor: (token) => transport.portsFor(gandi, secret(token)),
    newZone(seed) {
      const name = `zone-${++count}.test`;
      const domain = fake.addDomain({ name });
      const add = (seeds: readonly Seed[]): void => {
        for (const each of seeds) fake.addRrset(domain, { name: each.name === '' ? '@' : each.name, type: each.type, ttl: each.ttlSeconds ?? 300, values: [each.value] });
      };
      add(seed);
      return Promise.resolve({
        apex: ownerName(name),
        edit({ add: added = [], remove = [] }) {
          domain.rrsets = domain.rrsets.filter((set) => !remove.some((each) => (each.name === '' ? '@' : each.name.toLowerCase()) === set.rrset_name && each.type === set.rrset_type));
          add(added);
          return Promise.resolve();
        },
        readBack: () => Promise.resolve(setsOf(domain)),
      });
    },
    async stop() {
      await transport.close();
      await fake.stop();
    },
  };
}

/** Targets in the suite are absolute. */
export function setsOf({ name, rrsets }: FakeDomain): RecordSet[] {
  return groupRecords(rrsets.flatMap(({ rrset_name: relative, rrset_type: type, rrset_ttl: ttlSeconds, rrset_values: values }) =>
    values.map((value) => ({ ownerName: ownerName(relative === '@' ? name : `${relative}.${name}`), type, ttlSeconds, value: recordValue(type, value) }))));
}
