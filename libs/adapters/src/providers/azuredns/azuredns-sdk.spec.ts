import { DnsManagementClient, type RecordSet, type RecordType } from '@azure/arm-dns';
import { displayName } from '@connect/domain';
import { describeIndependentClient, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { azurednsWorld, type AzurednsWorld } from './azuredns-world.fake.js';

/** Microsoft's own client. */
describeIndependentClient('the npm package @azure/arm-dns', () => azurednsWorld(), connect, { token: /AADSTS7000215/, conflict: /RestError: .*CNAME record could not be created because another record/ });

type Service = { tenant_id: string; client_id: string; client_secret: string; subscription_id: string; resource_group: string };

async function connect(world: AzurednsWorld, { apex }: Zone, credential: string): Promise<IndependentClient> {
  const service = JSON.parse(credential) as Service;
  const client = new DnsManagementClient({ getToken: (scopes) => tokenAt(world, service, String(scopes)) }, service.subscription_id, { allowInsecureConnection: true, credentialScopes: 'https://management.azure.com/.default', retryOptions: { maxRetries: 0 } });
  // It gives its token to https only: each request, those for next pages as well, is turned to the fake as the last thing before it leaves.
  client.pipeline.addPolicy({ name: 'toTheFake', sendRequest: (request, next) => next(Object.assign(request, { url: request.url.replace('https://management.azure.com', world.fake.origin) })) }, { afterPhase: 'Sign' });
  const group = service.resource_group;
  const zone = displayName(apex);
  const at = (name: string): string => (name === '' ? '@' : name);
  return {
    async list() {
      const found: Seed[] = [];
      for await (const set of client.recordSets.listAllByDnsZone(group, zone)) found.push(...seedsOf(set));
      return found;
    },
    async create({ name, type, ttlSeconds, value }) {
      await client.recordSets.createOrUpdate(group, zone, at(name), type as RecordType, { ttl: ttlSeconds, ...recordsOf(type, value) }, { ifNoneMatch: '*' });
    },
    async update({ name, type, value }) {
      const { etag } = await client.recordSets.get(group, zone, at(name), type as RecordType);
      await client.recordSets.update(group, zone, at(name), type as RecordType, recordsOf(type, value), { ifMatch: etag });
    },
    async delete({ name, type }) {
      const { etag } = await client.recordSets.get(group, zone, at(name), type as RecordType);
      await client.recordSets.delete(group, zone, at(name), type as RecordType, { ifMatch: etag });
    },
  };
}

async function tokenAt({ fake }: AzurednsWorld, { tenant_id, client_id, client_secret }: Service, scope: string): Promise<{ token: string; expiresOnTimestamp: number }> {
  const answer = await fetch(`${fake.origin}/${tenant_id}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, scope }) });
  const given = (await answer.json()) as { access_token: string; expires_in: number; error_description?: string };
  if (!answer.ok) throw new TypeError(given.error_description);
  return { token: given.access_token, expiresOnTimestamp: Date.now() + given.expires_in * 1_000 };
}

function seedsOf({ name, type, ttl, ...set }: RecordSet): Seed[] {
  const values = [
    ...(set.aRecords ?? []).map(({ ipv4Address }) => ipv4Address!), ...(set.aaaaRecords ?? []).map(({ ipv6Address }) => ipv6Address!),
    ...(set.mxRecords ?? []).map(({ preference, exchange }) => `${preference} ${exchange}`), ...(set.nsRecords ?? []).map(({ nsdname }) => nsdname!),
    ...(set.srvRecords ?? []).map(({ priority, weight, port, target }) => `${priority} ${weight} ${port} ${target}`),
    ...(set.txtRecords ?? []).map(({ value }) => value!.map((each) => `"${each}"`).join(' ')),
    ...(set.caaRecords ?? []).map(({ flags, tag, value }) => `${flags} ${tag} "${value}"`),
    ...(set.cnameRecord?.cname === undefined ? [] : [set.cnameRecord.cname]),
  ];
  return values.map((value) => ({ name: name === '@' ? '' : name!, type: type!.split('/').at(-1)!, ttlSeconds: ttl, value }));
}

function recordsOf(type: string, value: string): RecordSet {
  const [first = '', second = '', third = '', fourth = ''] = value.split(' ');
  const text = value.replace(/^[^"]*"|"$/g, '');
  switch (type) {
    case 'A': return { aRecords: [{ ipv4Address: value }] };
    case 'AAAA': return { aaaaRecords: [{ ipv6Address: value }] };
    case 'CNAME': return { cnameRecord: { cname: value } };
    case 'MX': return { mxRecords: [{ preference: Number(first), exchange: second }] };
    case 'SRV': return { srvRecords: [{ priority: Number(first), weight: Number(second), port: Number(third), target: fourth }] };
    case 'CAA': return { caaRecords: [{ flags: Number(first), tag: second, value: text }] };
    default: return { txtRecords: [{ value: [text] }] };
  }
}
