import { displayName, groupRecords, ownerName, recordValue, txtStrings, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, type FakeWorld, type Seed } from '../../conformance/index.js';
import { startAzurednsFake, type AzurednsFakeOptions, type RunningAzurednsFake } from './azuredns.fake.js';
import type { HeldZone, TheirRecord } from './azuredns-zone.fake.js';
import { azuredns } from './index.js';

const goodSecret = 'fake~client.secret-value_0123456789abcdef';
const otherSecret = 'fake~other.secret-value_fedcba9876543210';

/** The credential of the fake's application, with members exchanged; `undefined` takes one out. */
export function credentialJson(changed: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    tenant_id: '11111111-aaaa-4bbb-8ccc-000000000001', client_id: '11111111-aaaa-4bbb-8ccc-000000000002', client_secret: goodSecret,
    subscription_id: '11111111-aaaa-4bbb-8ccc-000000000003', resource_group: 'dns-rg', ...changed,
  });
}

export const goodToken = credentialJson();
export const wrongToken = credentialJson({ client_secret: otherSecret });

export type AzurednsWorld = FakeWorld<RunningAzurednsFake>;

/** The fake over real HTTP, and the adapter sent to it by the transport's reroute. Tokens that the fake gives out become secrets of the world. */
export async function azurednsWorld(options: Partial<AzurednsFakeOptions> & { token?: string } = {}): Promise<AzurednsWorld> {
  const { token = goodToken, ...ofFake } = options;
  const fake = await startAzurednsFake({ zones: [], credential: goodToken, publicOrigin: 'https://management.azure.com', ...ofFake });
  const world = fakeWorld({
    provider: azuredns, fake, token, wrongToken,
    oddTypes: [],
    openZone(apex) {
      const zone = fake.addZone({ name: displayName(apex) });
      return {
        add: (seeds) => seeds.forEach((seed) => addSeed(zone, seed)),
        remove(sets) {
          for (const { name, type } of sets) zone.sets.delete(`${name === '' ? '@' : name.toLowerCase()} ${type}`);
        },
        recordSets: () => setsOf(zone, apex),
      };
    },
  });
  return Object.defineProperty(world, 'secrets', { get: () => [goodSecret, otherSecret, ...fake.tokens.issued] });
}

function addSeed(zone: HeldZone, { name, type, ttlSeconds = 300, value }: Seed): void {
  const at = name === '' ? '@' : name;
  const present = zone.find(at, type);
  const record = recordOf(type, value);
  const isThere = (present?.records ?? []).some((each) => JSON.stringify(each) === JSON.stringify(record));
  zone.put({ ...present, name: present?.name ?? at, type, ttl: present?.ttl ?? ttlSeconds, records: [...(present?.records ?? []), ...(isThere ? [] : [record])] });
}

/** A value in presentation form as their record. */
export function recordOf(type: string, value: string): TheirRecord {
  const fields = value.split(' ');
  switch (type) {
    case 'A': return { ipv4Address: value };
    case 'AAAA': return { ipv6Address: value };
    case 'CNAME': return { cname: value };
    case 'NS': return { nsdname: value };
    case 'PTR': return { ptrdname: value };
    case 'MX': return { preference: Number(fields[0]), exchange: fields[1] };
    case 'SRV': return { priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), target: fields[3] };
    case 'CAA': return { flags: Number(fields[0]), tag: fields[1], value: txtText(fields.slice(2).join(' ')) };
    default: return { value: txtStrings(value).map((each) => each.toString('utf8')) };
  }
}

/** Their record in presentation form. */
export function presentationOf(type: string, record: TheirRecord): string {
  const of = record as Record<string, string | number>;
  switch (type) {
    case 'MX': return `${of['preference']} ${of['exchange']}`;
    case 'SRV': return `${of['priority']} ${of['weight']} ${of['port']} ${of['target']}`;
    case 'CAA': return `${of['flags']} ${of['tag']} ${txtValue(String(of['value']))}`;
    case 'TXT': return (record['value'] as string[]).map(txtValue).join(' ');
    default: return String(Object.values(of)[0]);
  }
}

/** Plain sets without SOA. */
export function setsOf(zone: HeldZone, apex: OwnerName): RecordSet[] {
  const plain = [...zone.sets.values()].filter(({ type, target }) => type !== 'SOA' && target === undefined);
  return groupRecords(plain.flatMap(({ name, type, ttl, records }) => records.map((record) => ({ ownerName: name === '@' ? apex : ownerName(`${name}.${apex}`), type, ttlSeconds: ttl, value: recordValue(type, presentationOf(type, record)) }))));
}
