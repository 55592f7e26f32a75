import { NetlifyAPI } from '@netlify/api';
import { txtText, txtValue } from '@connect/domain';
import { describeIndependentClient, relativeTo, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { netlifyWorld, type NetlifyWorld } from './netlify-world.fake.js';

type Body = { value: string; priority?: number; weight?: number; port?: number; flag?: number; tag?: string };

/** Netlify's own client for Node. */
describeIndependentClient('the npm package @netlify/api', () => netlifyWorld(), connect, { token: /^JSONHTTPError: Unauthorized/, conflict: /^JSONHTTPError: Unprocessable Entity/ });

function connect(world: NetlifyWorld, { id, apex }: Zone, token: string): IndependentClient {
  const client = new NetlifyAPI(token, { scheme: 'http', host: new URL(world.fake.origin).host, pathPrefix: '/api/v1' });
  const records = (): ReturnType<typeof client.getDnsRecords> => client.getDnsRecords({ zone_id: id });
  const create = async (record: Seed): Promise<void> => {
    await client.createDnsRecord({ zone_id: id, body: { type: record.type, hostname: record.name === '' ? apex.slice(0, -1) : `${record.name}.${apex.slice(0, -1)}`, ttl: record.ttlSeconds, ...bodyOf(record) } });
  };
  const remove = async ({ name, type }: Seed): Promise<void> => {
    const found = (await records()).find((record) => record.type === type && relativeTo(apex, record.hostname!) === name);
    await client.deleteDnsRecord({ zone_id: id, dns_record_id: found!.id! });
  };
  return {
    list: async () => (await records()).map((record) => ({ name: relativeTo(apex, record.hostname!), type: record.type!, ttlSeconds: record.ttl!, value: presented(record as Body & { type: string }) })),
    create,
    async update(record) {
      await remove(record);
      await create(record);
    },
    delete: remove,
  };
}

function bodyOf({ type, value }: Seed): Body {
  const [first, second, third, fourth] = value.split(' ');
  switch (type) {
    case 'MX': return { priority: Number(first), value: second! };
    case 'SRV': return { priority: Number(first), weight: Number(second), port: Number(third), value: fourth! };
    case 'CAA': return { flag: Number(first), tag: second!, value: third!.replaceAll('"', '') };
    case 'TXT': return { value: txtText(value) };
    default: return { value };
  }
}

function presented({ type, value, priority, weight, port, flag, tag }: Body & { type: string }): string {
  return { MX: `${priority} ${value}`, SRV: `${priority} ${weight} ${port} ${value}`, CAA: `${flag} ${tag} "${value}"`, TXT: txtValue(value) }[type] ?? value;
}
