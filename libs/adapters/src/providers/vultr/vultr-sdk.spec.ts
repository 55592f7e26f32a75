import { initialize } from '@vultr/vultr-node';
import { z } from 'zod';
import { displayName } from '@connect/domain';
import { describeIndependentClient, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { vultrWorld, type VultrWorld } from './vultr-world.fake.js';

const Created = z.object({ record: z.object({ id: z.string() }) });
const Page = z.object({ records: z.array(z.object({ id: z.string(), type: z.string(), name: z.string(), data: z.string(), priority: z.number(), ttl: z.number() })), meta: z.object({ links: z.object({ next: z.string() }) }) });
type FoundRecord = z.infer<typeof Page>['records'][number];

/** Vultr's own client for Node. */
describeIndependentClient('the npm package @vultr/vultr-node', () => vultrWorld(), connect, { token: /^Error: Unauthorized: Invalid API token/, conflict: /^Error: Bad Request: .*cannot share its name/ });

function connect(world: VultrWorld, { apex }: Zone, token: string): IndependentClient {
  const { dns } = initialize({ apiKey: token, baseUrl: `${world.fake.origin}/v2` });
  const zone = { 'dns-domain': displayName(apex) };
  const records = async (): Promise<FoundRecord[]> => {
    const found: FoundRecord[] = [];
    for (let cursor = ''; ; ) {
      const page = Page.parse(answered(await dns.listRecords({ ...zone, per_page: 50, ...(cursor === '' ? {} : { cursor }) })));
      found.push(...page.records);
      cursor = page.meta.links.next;
      if (cursor === '') return found;
    }
  };
  const idOf = async ({ name, type }: Seed): Promise<string> => (await records()).find((record) => record.name === name && record.type === type)!.id;
  return {
    list: async () => (await records()).map(({ name, type, data, priority, ttl }) => ({ name, type, ttlSeconds: ttl, value: type === 'MX' || type === 'SRV' ? `${priority} ${data}` : data })),
    async create(record) {
      Created.parse(answered(await dns.createRecord({ ...zone, name: record.name, type: record.type, ttl: record.ttlSeconds, ...fieldsOf(record) })));
    },
    async update(record) {
      const { priority, ...fields } = fieldsOf(record);
      answered(await dns.updateRecord({ ...zone, 'record-id': await idOf(record), ...fields, ...(priority === undefined ? {} : { priority: String(priority) }) }));
    },
    async delete(record) {
      answered(await dns.deleteRecord({ ...zone, 'record-id': await idOf(record) }));
    },
  };
}

function fieldsOf({ type, value }: Seed): { data: string; priority?: number } {
  const [priority, ...fields] = value.split(' ');
  return type === 'MX' || type === 'SRV' ? { priority: Number(priority), data: fields.join(' ') } : { data: value };
}

/** It gives errors back as if they were answers. */
function answered(answer: unknown): unknown {
  if (answer instanceof Error) throw answer;
  return answer;
}
