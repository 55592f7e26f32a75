import { generateKeyPairSync } from 'node:crypto';
import { groupRecords, ownerName, recordValue, type RecordSet } from '@connect/domain';
import { fakeWorld, nameIn, type FakeWorld } from '../../conformance/index.js';
import { startGcpdnsFake, type GcpdnsFakeOptions, type RunningGcpdnsFake } from './gcpdns.fake.js';
import { keyOf, type HeldZone } from './gcpdns-zone.fake.js';
import { gcpdns } from './index.js';

/** Keys made for this run: no key of anybody stands in the repository. */
const newKey = (): string => generateKeyPairSync('rsa', { modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey;

const accountKey = newKey();
const otherKey = newKey();

/** The key file of the fake's service account, with members exchanged; `undefined` takes one out. */
export function keyFile(changed: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    type: 'service_account', project_id: 'connect-test-123456', private_key_id: 'a'.repeat(40), private_key: accountKey, client_email: 'dns@connect-test-123456.iam.gserviceaccount.com', client_id: '100000000000000000001',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth', token_uri: 'https://oauth2.googleapis.com/token', universe_domain: 'googleapis.com', ...changed,
  });
}

/** No zone is named in it: the suite opens many. */
export const goodToken = keyFile();
/** Well formed, and its key is not the account's. */
export const wrongToken = keyFile({ private_key: otherKey });

/** The lines of the PEM, each of which would be too much. */
const linesOf = (pem: string): string[] => pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));

export type GcpdnsWorld = FakeWorld<RunningGcpdnsFake>;

/** The fake over real HTTP, and the adapter sent to it by the transport's reroute. Tokens that the fake gives out become secrets of the world. */
export async function gcpdnsWorld(options: Partial<GcpdnsFakeOptions> & { token?: string } = {}): Promise<GcpdnsWorld> {
  const { token = goodToken, ...ofFake } = options;
  const fake = await startGcpdnsFake({ zones: [], credential: goodToken, ...ofFake });
  const world = fakeWorld({
    provider: gcpdns, fake, token, wrongToken,
    oddTypes: ['TLSA', 'SSHFP', 'NAPTR'],
    openZone(apex, count) {
      const zone = fake.addZone({ name: `zone-${count}`, dnsName: apex });
      return {
        add(seeds) {
          for (const { name, type, ttlSeconds = 300, value } of seeds) {
            const present = zone.sets.get(keyOf({ name: nameIn(apex, name), type }));
            zone.put({ name: name === '' ? apex : `${name}.${apex}`, type, ttl: present?.ttl ?? ttlSeconds, rrdatas: [...new Set([...(present?.rrdatas ?? []), value])] });
          }
        },
        remove(sets) {
          for (const { name, type } of sets) zone.sets.delete(keyOf({ name: nameIn(apex, name), type }));
        },
        recordSets: () => setsOf(zone),
      };
    },
  });
  return Object.defineProperty(world, 'secrets', { get: () => [...linesOf(accountKey), ...linesOf(otherKey), ...fake.tokens.issued] });
}

/** Plain sets without SOA. */
export function setsOf(zone: HeldZone): RecordSet[] {
  const plain = [...zone.sets.values()].filter(({ type, routingPolicy }) => type !== 'SOA' && routingPolicy === undefined);
  return groupRecords(plain.flatMap(({ name, type, ttl, rrdatas }) => rrdatas.map((raw) => ({ ownerName: ownerName(name), type, ttlSeconds: ttl, value: recordValue(type, raw) }))));
}
