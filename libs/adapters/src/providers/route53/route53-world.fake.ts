import { groupRecords, ownerName, recordValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { route53 } from './index.js';
import { startRoute53Fake, type Route53FakeOptions, type RunningRoute53Fake } from './route53.fake.js';
import { heldName, keyOf, type HeldZone } from './route53-zone.fake.js';

/** AWS's own example key, which opens nothing. */
export const goodToken = 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const wrongToken = 'AKIAIOSFODNN7EXAMPLE:wrongSecret/wrongSecret/wrongSecret+wron';

export type Route53World = FakeWorld<RunningRoute53Fake>;

/** The fake over real HTTP, and the adapter sent to it by the transport's reroute. Pauses are not waited for. */
export async function route53World(options: Partial<Route53FakeOptions> = {}): Promise<Route53World> {
  const fake = await startRoute53Fake({ zones: [], credential: goodToken, ...options });
  return fakeWorld({
    provider: route53, fake, token: goodToken, wrongToken,
    secrets: [goodToken, wrongToken].map((token) => token.split(':')[1]!),
    oddTypes: ['TLSA', 'SSHFP', 'NAPTR'],
    openZone(apex) {
      const zone = fake.addZone({ name: apex });
      return {
        add(seeds) {
          add(zone, apex, seeds);
        },
        remove(sets) {
          for (const { name, type } of sets) zone.sets.delete(keyOf({ name: heldName(nameIn(apex, name)), type }));
        },
        recordSets: () => setsOf(zone),
      };
    },
  });
}

function add(zone: HeldZone, apex: OwnerName, seeds: readonly Seed[]): void {
  for (const { name, type, ttlSeconds = 300, value } of seeds) {
    const key = { name: heldName(nameIn(apex, name)), type };
    const present = zone.sets.get(keyOf(key));
    const written = value.replaceAll(/\\(?:(\d{3})|(.))/g, (whole, decimal: string | undefined) => (decimal === undefined ? whole : `\\${Number(decimal).toString(8).padStart(3, '0')}`));
    zone.put({ ...key, ttl: present?.ttl ?? ttlSeconds, values: [...new Set([...(present?.values ?? []), written])] });
  }
}

/** Plain sets only, in the house's form; nothing of the adapter's conversion is used. */
function setsOf(zone: HeldZone): RecordSet[] {
  const plainSets = [...zone.sets.values()].filter((set) => set.type !== 'SOA' && set.aliasTarget === undefined && set.setIdentifier === undefined);
  return groupRecords(plainSets.flatMap((set) => set.values.map((value) => ({
    ownerName: ownerName(set.name.replaceAll('\\052', '*').replaceAll('\\100', '@')),
    type: set.type,
    ttlSeconds: set.ttl ?? 0,
    value: recordValue(set.type, value.replaceAll(/\\(?:([0-3][0-7]{2})|(.))/g, (whole, octal: string | undefined) => (octal === undefined ? whole : `\\${Number.parseInt(octal, 8).toString().padStart(3, '0')}`))),
  }))));
}
