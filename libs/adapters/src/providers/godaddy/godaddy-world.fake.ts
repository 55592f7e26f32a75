import { groupRecords, ownerName, recordValue, txtText, txtValue, type OwnerName, type RecordSet } from '@connect/domain';
import { fakeWorld, heldRecords, nameIn, type FakeWorld, type Seed } from '../../conformance/index.js';
import { startGodaddyFake, type GodaddyFake, type GodaddyFakeOptions } from './godaddy.fake.js';
import type { FakeDomain, FakeRecord } from './godaddy-records.fake.js';
import { godaddy } from './index.js';

const [goodSecret, wrongSecret] = ['7jXkZq2mPfakeSecret001', '9wYtRb4nLfakeSecret002'];
export const goodKey = `dKD8fakeKey_AbCdEfGh:${goodSecret}`;
export const goodToken = 'gd_pat_fakeAbCdEfGh0123456789';
const wrongToken = 'gd_pat_fakeZyXwVuTs9876543210';

export type GodaddyWorld = FakeWorld<GodaddyFake>;

/** `token`: the credential of the world, a key with its secret or a personal access token. */
export async function godaddyWorld({ token = goodToken, ...options }: Partial<GodaddyFakeOptions> & { token?: string } = {}): Promise<GodaddyWorld> {
  const fake = await startGodaddyFake({ credential: token, ...options });
  const isKey = !token.startsWith('gd_pat_');
  return fakeWorld({
    provider: godaddy, fake, token, wrongToken: isKey ? `dKD8fakeKey_AbCdEfGh:${wrongSecret}` : wrongToken, secrets: isKey ? [goodSecret, wrongSecret] : [token, wrongToken],
    oddTypes: [],
    openZone(apex) {
      const domain = fake.addDomain({ domain: apex });
      return heldRecords(domain, {
        add: (seed) => void fake.addRecord(domain, recordOf(seed)),
        isAt: (record, name) => relativeOf(record) === name,
        recordSets: () => setsOf(domain, apex),
      });
    },
  });
}

function recordOf({ name, type, ttlSeconds = 600, value }: Seed): FakeRecord {
  const record = { type, name: name === '' ? '@' : name, ttl: ttlSeconds };
  const fields = value.split(' ');
  switch (type) {
    case 'MX': return { ...record, priority: Number(fields[0]), data: withoutDot(fields[1]!) };
    case 'SRV': {
      const [service, protocol, ...rest] = name.split('.');
      return { ...record, name: rest.join('.') || '@', service: service!, protocol: protocol!, priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), data: withoutDot(fields[3]!) };
    }
    case 'CAA': return { ...record, flag: Number(fields[0]), tag: fields[1]!, data: txtText(fields.slice(2).join(' ')) };
    case 'TXT': return { ...record, data: txtText(value) };
    case 'CNAME': return { ...record, data: withoutDot(value) };
    default: return { ...record, data: value };
  }
}

/** Nothing of the adapter's conversion is used. */
export function setsOf({ records }: FakeDomain, apex: OwnerName): RecordSet[] {
  return groupRecords(records.filter(({ type }) => type !== 'SOA').map((record) => ({ ownerName: nameIn(apex, relativeOf(record)), type: record.type, ttlSeconds: record.ttl, value: recordValue(record.type, textOf(record)) })));
}

function relativeOf({ name, service, protocol }: FakeRecord): string {
  return [service, protocol, name === '@' ? undefined : name.toLowerCase()].filter((label) => label !== undefined).join('.');
}

function textOf({ type, data, priority, weight, port, flag, tag }: FakeRecord): string {
  switch (type) {
    case 'MX': return `${priority} ${data}`;
    case 'SRV': return `${priority} ${weight} ${port} ${data}`;
    case 'CAA': return `${flag} ${tag} "${data}"`;
    case 'TXT': return txtValue(data);
    case 'CNAME':
    case 'NS': return ownerName(data);
    default: return data;
  }
}

function withoutDot(host: string): string {
  return host.replace(/\.$/, '');
}
