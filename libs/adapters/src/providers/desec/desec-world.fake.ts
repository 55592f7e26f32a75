import { groupRecords, ownerName, recordValue, secret, type RecordSet } from '@connect/domain';
import { transportToFakes, type Seed, type World } from '../../conformance/index.js';
import { startDesecFake, type DesecFake, type DesecFakeOptions, type FakeDomain } from './desec.fake.js';
import { desec } from './index.js';

export const goodToken = '4pnk7u-NHvrEkFzrhFDRTjGFyX_S';
const wrongToken = 'zzzzzz-ZZzzZzZzzzZZZzZZZzZ_Z';
const generous = [{ amount: 1_000_000, seconds: 1 }];

export type DesecWorld = World & { fake: DesecFake };

/** The adapter and the fake. Seeds and looks go straight to the fake's memory. */
export async function desecWorld(options: Partial<DesecFakeOptions> = {}): Promise<DesecWorld> {
  // Rates that the suite does not use up: it is faster than any of the published ones.
  const fake = await startDesecFake({ credential: goodToken, rates: { read: generous, writePerDomain: generous, user: generous }, ...options });
  const transport = transportToFakes({ 'https://desec.io': fake.origin });
  let count = 0;
  return {
    fake,
    provider: desec,
    protocol: 'http',
    token: goodToken,
    wrongToken,
    secrets: [goodToken, wrongToken],
    oddTypes: ['TLSA', 'SSHFP', 'LOC', 'NAPTR'],
    portsFor: (token) => transport.portsFor(desec, secret(token)),
    newZone(seed) {
      const name = `zone-${++count}.test`;
      const domain = fake.addDomain({ name });
      const add = (seeds: readonly Seed[]): void => {
        for (const each of seeds) fake.addRrset(domain, { subname: each.name.toLowerCase(), type: each.type, ttl: each.ttlSeconds ?? 300, records: [each.value] });
      };
      add(seed);
      return Promise.resolve({
        apex: ownerName(name),
        edit({ add: added = [], remove = [] }) {
          domain.rrsets = domain.rrsets.filter(({ subname, type }) => !remove.some((each) => each.name.toLowerCase() === subname && each.type === type));
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

export function setsOf({ name, rrsets }: FakeDomain): RecordSet[] {
  return groupRecords(rrsets.flatMap(({ subname, type, ttl, records }) =>
    records.map((record) => ({ ownerName: ownerName(subname === '' ? name : `${subname}.${name}`), type, ttlSeconds: ttl, value: recordValue(type, record) }))));
}
