import { DNSimple, type ZoneRecordType } from 'dnsimple';
import { displayName } from '@connect/domain';
import { describeIndependentClient, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { dnsimpleWorld, type DnsimpleWorld } from './dnsimple-world.fake.js';

/** DNSimple's own client for Node. */
describeIndependentClient('the npm package dnsimple', () => dnsimpleWorld(), connect, { token: /^AuthenticationError: .*Authentication failed/, conflict: /^ClientError: .*cannot add a CNAME/ });

async function connect(world: DnsimpleWorld, { apex }: Zone, token: string): Promise<IndependentClient> {
  const { identity, zones } = new DNSimple({ accessToken: token, baseUrl: world.fake.origin, fetcher: plainFetch });
  const account = (await identity.whoami()).data.account?.id ?? 0;
  const zone = (await zones.getZone(account, displayName(apex))).data.name;
  const idOf = async ({ name, type }: Seed): Promise<number> => (await zones.listZoneRecords(account, zone, { name, type: typeOf(type) })).data[0]!.id;
  return {
    async list() {
      const records = await zones.listZoneRecords.collectAll(account, zone);
      return records.filter(({ type }) => type !== 'SOA').map(({ name, type, ttl, priority, content }) => ({ name, type, ttlSeconds: ttl, value: type === 'MX' || type === 'SRV' ? `${priority} ${content}` : content }));
    },
    async create(record) {
      await zones.createZoneRecord(account, zone, { name: record.name, type: typeOf(record.type), ttl: record.ttlSeconds!, ...fieldsOf(record) });
    },
    async update(record) {
      await zones.updateZoneRecord(account, zone, await idOf(record), fieldsOf(record));
    },
    async delete(record) {
      await zones.deleteZoneRecord(account, zone, await idOf(record));
    },
  };
}

/** TXT goes without quotes: the server puts them. */
function fieldsOf({ type, value }: Seed): { content: string; priority?: number } {
  const [priority, ...rest] = value.split(' ');
  if (type === 'MX' || type === 'SRV') return { priority: Number(priority), content: rest.join(' ') };
  return { content: type === 'TXT' ? value.slice(1, -1) : value };
}

function typeOf(type: string): ZoneRecordType {
  return type as ZoneRecordType;
}

/** Without one it goes by `https` only. */
async function plainFetch({ url, method, headers, body }: { url: string; method: string; headers: Record<string, string>; body?: string }): Promise<{ status: number; body: string }> {
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, body: await answer.text() };
}
