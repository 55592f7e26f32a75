import { createApiClient } from 'dots-wrapper';
import { displayName, txtText, txtValue } from '@connect/domain';
import { describeIndependentClient, nameIn, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { digitaloceanWorld, type DigitaloceanWorld } from './digitalocean-world.fake.js';

/** A client for Node that others wrote from DigitalOcean's documentation. */
describeIndependentClient('the npm package dots-wrapper', () => digitaloceanWorld(), connect, { token: /status code 401 .*Unable to authenticate you/, conflict: /status code 422 .*cannot share a name/ });

async function connect(world: DigitaloceanWorld, { apex }: Zone, token: string): Promise<IndependentClient> {
  const { domain } = createApiClient({ token, endpoint: `${world.fake.origin}/v2` });
  const domain_name = (await domain.getDomain({ name: displayName(apex) })).data.domain.name;
  const idOf = async ({ name, type }: Seed): Promise<number> => (await domain.listDomainRecords({ domain_name, type, name: displayName(nameIn(apex, name)) })).data.domain_records[0]!.id;
  return {
    async list() {
      const found: Seed[] = [];
      for (let page = 1; ; page++) {
        const { domain_records: records, links } = (await domain.listDomainRecords({ domain_name, page, per_page: 100 })).data;
        for (const { type, name, data, ttl, priority, weight, port, flags, tag } of records) {
          const host = data === '@' ? apex : data;
          const value = { MX: `${priority} ${host}`, SRV: `${priority} ${weight} ${port} ${host}`, CAA: `${flags} ${tag} "${data}"`, TXT: txtValue(data), CNAME: host }[type] ?? data;
          if (type !== 'SOA') found.push({ name: name === '@' ? '' : name, type, ttlSeconds: ttl, value });
        }
        if (links?.pages?.next === undefined) return found;
      }
    },
    async create(record) {
      await domain.createDomainRecord({ domain_name, type: record.type, name: record.name || '@', ttl: record.ttlSeconds!, ...fieldsOf(record) });
    },
    async update(record) {
      await domain.updateDomainRecord({ domain_name, domain_record_id: await idOf(record), type: record.type, ...fieldsOf(record) });
    },
    async delete(record) {
      await domain.deleteDomainRecord({ domain_name, domain_record_id: await idOf(record) });
    },
  };
}

function fieldsOf({ type, value }: Seed): { data: string; priority?: number; weight?: number; port?: number; flags?: number; tag?: string } {
  const fields = value.split(' ');
  switch (type) {
    case 'MX': return { priority: Number(fields[0]), data: fields[1]! };
    case 'SRV': return { priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), data: fields[3]! };
    case 'CAA': return { flags: Number(fields[0]), tag: fields[1]!, data: `${fields[2]!.replaceAll('"', '')}.` };
    case 'TXT': return { data: txtText(value) };
    default: return { data: value };
  }
}
