import type { CreateRecordRequest } from '@vercel/sdk/models/createrecordop.js';
import type { Records } from '@vercel/sdk/models/getrecordsop.js';
import { Dns } from '@vercel/sdk/sdk/dns.js';
import { Domains } from '@vercel/sdk/sdk/domains.js';
import { displayName, txtText, txtValue } from '@connect/domain';
import { describeIndependentClient, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { vercelWorld, type VercelWorld } from './vercel-world.fake.js';

/** Vercel's own client for Node; it checks each answer against the description of the API. */
describeIndependentClient('the npm package @vercel/sdk', () => vercelWorld(), connect, { token: /^SDKError: .*Status 403.*invalidToken/s, conflict: /^SDKError: .*Status 409.*record_conflicts/s });

async function connect(world: VercelWorld, { id, apex }: Zone, token: string): Promise<IndependentClient> {
  const options = { bearerToken: token, serverURL: world.fake.origin, retryConfig: { strategy: 'none' } } as const;
  const dns = new Dns(options);
  const team = id.includes('/') ? { teamId: id.slice(0, id.indexOf('/')) } : {};
  const domain = (await new Domains(options).getDomain({ domain: displayName(apex), ...team })).domain.name;
  const records = async (): Promise<Records[]> => {
    const found: Records[] = [];
    for (let until: string | undefined; ; ) {
      const page = await dns.getRecords({ domain, limit: '50', ...team, ...(until === undefined ? {} : { until }) });
      if (typeof page === 'string' || !('pagination' in page)) throw new TypeError('no pages');
      found.push(...page.records.filter(({ creator }) => creator !== 'system'));
      if (page.pagination.next === null) return found;
      until = String(page.pagination.next);
    }
  };
  const idOf = async ({ name, type }: Seed): Promise<string> => (await records()).find((record) => record.name === name && record.type === type)!.id;
  return {
    // Version 1.28 drops the name of an SRV record before it is sent: its description of that body has none.
    cannotCreate: ['SRV'],
    list: async () => (await records()).map(({ name, type, ttl, value, mxPriority, priority }) => ({ name, type, ttlSeconds: ttl!, value: { MX: `${mxPriority} ${value}`, SRV: `${priority} ${value}`, TXT: txtValue(value) }[String(type)] ?? value })),
    async create(record) {
      await dns.createRecord({ domain, ...team, requestBody: { name: record.name, type: record.type, ttl: record.ttlSeconds, ...fieldsOf(record) } as CreateRecordRequest['requestBody'] });
    },
    async update(record) {
      await dns.updateRecord({ recordId: await idOf(record), ...team, requestBody: fieldsOf(record) });
    },
    async delete(record) {
      await dns.removeRecord({ domain, recordId: await idOf(record), ...team });
    },
  };
}

function fieldsOf({ type, value }: Seed): { value?: string; mxPriority?: number; srv?: { priority: number; weight: number; port: number; target: string } } {
  const fields = value.split(' ');
  switch (type) {
    case 'MX': return { mxPriority: Number(fields[0]), value: fields[1]! };
    case 'SRV': return { srv: { priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), target: fields[3]! } };
    case 'TXT': return { value: txtText(value) };
    default: return { value };
  }
}
