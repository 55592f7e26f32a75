import Cloudflare from 'cloudflare';
import type { RecordCreateParams, RecordEditParams, RecordResponse } from 'cloudflare/resources/dns/records';
import { displayName } from '@connect/domain';
import { describeIndependentClient, nameIn, relativeTo, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { cloudflareWorld, type CloudflareWorld } from './cloudflare-world.fake.js';

/** Cloudflare's own client for Node, generated from its API description. */
describeIndependentClient('the npm package cloudflare', () => cloudflareWorld(), connect, { token: /^PermissionDeniedError: 403 .*Invalid access token/, conflict: /^BadRequestError: 400 .*81053/ });

async function connect(world: CloudflareWorld, { apex }: Zone, token: string): Promise<IndependentClient> {
  const client = new Cloudflare({ apiToken: token, baseURL: `${world.fake.origin}/client/v4`, maxRetries: 0 });
  const { records } = client.dns;
  const zone_id = (await client.zones.list({ name: displayName(apex) })).result[0]!.id;
  const idOf = async ({ name, type }: Seed): Promise<string> => (await everyOne(records.list({ zone_id, name: { exact: displayName(nameIn(apex, name)) } }))).find((record) => record.type === type)!.id;
  return {
    list: async () => (await everyOne(records.list({ zone_id }))).map((record) => ({ name: relativeTo(apex, record.name), type: record.type, ttlSeconds: record.ttl, value: valueOf(record) })),
    async create(record) {
      await records.create({ zone_id, name: displayName(nameIn(apex, record.name)), ttl: record.ttlSeconds ?? 1, ...fieldsOf(record) } as RecordCreateParams);
    },
    async update(record) {
      await records.edit(await idOf(record), { zone_id, name: displayName(nameIn(apex, record.name)), ttl: record.ttlSeconds ?? 1, ...fieldsOf(record) } as RecordEditParams);
    },
    async delete(record) {
      await records.delete(await idOf(record), { zone_id });
    },
  };
}

/** SRV comes with its fields in `data`; its content lacks the priority. */
function valueOf(record: RecordResponse): string {
  if (record.type === 'MX') return `${record.priority} ${record.content}`;
  if (record.type === 'SRV') return `${record.data?.priority} ${record.data?.weight} ${record.data?.port} ${record.data?.target}`;
  return record.content ?? '';
}

/** SRV and CAA go as `data`. */
function fieldsOf({ type, value }: Seed): Record<string, unknown> {
  const fields = value.split(' ');
  switch (type) {
    case 'MX': return { type, priority: Number(fields[0]), content: fields[1]! };
    case 'SRV': return { type, data: { priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), target: fields[3]! } };
    case 'CAA': return { type, data: { flags: Number(fields[0]), tag: fields[1]!, value: fields[2]!.replaceAll('"', '') } };
    default: return { type, content: value };
  }
}

async function everyOne(pages: AsyncIterable<RecordResponse>): Promise<RecordResponse[]> {
  const found: RecordResponse[] = [];
  for await (const record of pages) found.push(record);
  return found;
}
