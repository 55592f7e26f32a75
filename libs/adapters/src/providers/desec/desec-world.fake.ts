import { displayName, groupRecords, ownerName, recordValue, type RecordSet } from '@connect/domain';
import { fakeWorld, type FakeWorld } from '../../conformance/index.js';
import { startDesecFake, type DesecFake, type DesecFakeOptions, type FakeDomain } from './desec.fake.js';
import { desec } from './index.js';

export const goodToken = '4pnk7u-NHvrEkFzrhFDRTjGFyX_S';
const wrongToken = 'zzzzzz-ZZzzZzZzzzZZZzZZZzZ_Z';
const generous = [{ amount: 1_000_000, seconds: 1 }];

export type DesecWorld = FakeWorld<DesecFake>;

/** The adapter and the fake. Seeds and looks go straight to the fake's memory. */
export async function desecWorld(options: Partial<DesecFakeOptions> = {}): Promise<DesecWorld> {
  // Rates that the suite does not use up: it is faster than any of the published ones.
  const fake = await startDesecFake({ credential: goodToken, rates: { read: generous, writePerDomain: generous, user: generous }, ...options });
  return fakeWorld({
    provider: desec, fake, token: goodToken, wrongToken,
    oddTypes: ['TLSA', 'SSHFP', 'LOC', 'NAPTR'],
    openZone(apex) {
      const domain = fake.addDomain({ name: displayName(apex) });
      return {
        add(seeds) {
          for (const { name, type, ttlSeconds = 300, value } of seeds) fake.addRrset(domain, { subname: name.toLowerCase(), type, ttl: ttlSeconds, records: [value] });
        },
        remove(sets) {
          domain.rrsets = domain.rrsets.filter(({ subname, type }) => !sets.some((each) => each.name.toLowerCase() === subname && each.type === type));
        },
        recordSets: () => setsOf(domain),
      };
    },
  });
}

export function setsOf({ name, rrsets }: FakeDomain): RecordSet[] {
  return groupRecords(rrsets.flatMap(({ subname, type, ttl, records }) =>
    records.map((record) => ({ ownerName: ownerName(subname === '' ? name : `${subname}.${name}`), type, ttlSeconds: ttl, value: recordValue(type, record) }))));
}
