import { createRequire } from 'node:module';
import { displayName, txtText, txtValue } from '@connect/domain';
import { describeIndependentClient, type IndependentClient, type Seed } from '../../conformance/index.js';
import type { Zone } from '../../spi/index.js';
import { linodeWorld, type LinodeWorld } from './linode-world.fake.js';

/** What we need of it: its own types do not resolve for a program of ES modules. */
type LinodeRecord = { id: number; type: string; name: string; target: string; ttl_sec: number; priority: number; weight: number; port: number; service: string | null; protocol: string | null; tag: string | null };
type Page<Item> = { data: Item[]; pages: number };
type LinodeClient = {
  baseRequest: { interceptors: { request: { use(change: (config: { url?: string }) => { url?: string }): number; eject(id: number): void } } };
  setToken(token: string): number;
  getDomains(params: { page_size: number }, filter: { domain: string }): Promise<Page<{ id: number; domain: string }>>;
  getDomainRecords(domain: number, params: { page: number; page_size: number }): Promise<Page<LinodeRecord>>;
  createDomainRecord(domain: number, record: Partial<LinodeRecord>): Promise<LinodeRecord>;
  updateDomainRecord(domain: number, id: number, record: Partial<LinodeRecord>): Promise<LinodeRecord>;
  deleteDomainRecord(domain: number, id: number): Promise<unknown>;
};

const { baseRequest, createDomainRecord, deleteDomainRecord, getDomainRecords, getDomains, setToken, updateDomainRecord } = createRequire(import.meta.url)('@linode/api-v4') as LinodeClient;

const changes: number[] = [];

/** Linode's own client, which its console runs on, with its own checks of a record before it is sent. */
describeIndependentClient('the npm package @linode/api-v4', () => linodeWorld(), connect, { token: /status code 401 .*Invalid Token/, conflict: /status code 400 .*CNAMES must be unique/ });

async function connect(world: LinodeWorld, { apex }: Zone, token: string): Promise<IndependentClient> {
  // It is one client for all, with one token and one host: the token is changed, and the requests are turned to the fake.
  for (const id of changes.splice(0)) baseRequest.interceptors.request.eject(id);
  changes.push(setToken(token), baseRequest.interceptors.request.use((config) => ({ ...config, url: (config.url ?? '').replace(/^https:\/\/api\.linode\.com/, world.fake.origin) })));
  const domain = (await getDomains({ page_size: 500 }, { domain: displayName(apex) })).data.find((each) => each.domain === displayName(apex))!.id;
  const records = async (): Promise<LinodeRecord[]> => {
    const found: LinodeRecord[] = [];
    for (let page = 1; ; page++) {
      const { data, pages } = await getDomainRecords(domain, { page, page_size: 100 });
      found.push(...data);
      if (page >= pages) return found;
    }
  };
  const idOf = async ({ name, type }: Seed): Promise<number> => (await records()).find((record) => record.name === name && record.type === type)!.id;
  return {
    list: async () => (await records()).map(({ type, name, target, ttl_sec: ttlSeconds, priority, weight, port, tag }) => ({
      name, type, ttlSeconds, value: { MX: `${priority} ${target}`, SRV: `${priority} ${weight} ${port} ${target}`, CAA: `0 ${tag} "${target}"`, TXT: txtValue(target) }[type] ?? target,
    })),
    async create(record) {
      await createDomainRecord(domain, { type: record.type, name: record.name, ttl_sec: record.ttlSeconds!, ...fieldsOf(record) });
    },
    async update(record) {
      await updateDomainRecord(domain, await idOf(record), fieldsOf(record));
    },
    async delete(record) {
      await deleteDomainRecord(domain, await idOf(record));
    },
  };
}

function fieldsOf({ name, type, value }: Seed): Partial<LinodeRecord> {
  const fields = value.split(' ');
  const target = fields.at(-1)!.replace(/\.$/, '');
  switch (type) {
    case 'MX': return { priority: Number(fields[0]), target };
    case 'SRV': return { priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), service: name.split('.')[0]!.slice(1), protocol: name.split('.')[1]!.slice(1), target };
    case 'CAA': return { tag: fields[1]!, target: fields[2]!.replaceAll('"', '') };
    case 'TXT': return { target: txtText(value) };
    default: return { target };
  }
}
