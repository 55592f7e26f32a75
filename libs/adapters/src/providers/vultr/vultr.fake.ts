import { randomUUID } from 'node:crypto';
import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { keptRecord, problemOf, type FakeDomain, type FakeRecord } from './vultr-records.fake.js';

/** `acls` left out: everything. `addresses`: the access control of the key; left out: from everywhere. */
export type FakeToken = { value: string; acls?: readonly string[]; addresses?: readonly string[] };
export type FakeDomainInput = { domain: string; ip?: string; records?: readonly Partial<FakeRecord>[] };
export type VultrFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  /** Calls until 429; their window is a second. */
  rate?: { calls: number };
  /** What the documentation leaves open. */
  copies?: 'accepted' | 'refused';
  /** Items on a page at most, whatever is asked for. */
  pageSize?: number;
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type VultrFake = FakeServer & { domains: Map<string, FakeDomain>; addDomain(domain: FakeDomainInput): FakeDomain; addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord; addToken(token: FakeToken): void };

const everything = ['manage_users', 'subscriptions_view', 'subscriptions', 'provisioning', 'billing', 'support', 'dns', 'firewall', 'objstore', 'loadbalancer'];
const refusal = (status: number, error: string): FakeAnswer => jsonAnswer(status, { error, status });
const empty: FakeAnswer = { status: 204, text: '' };

/** Vultr's API v2 as far as domains go: a real HTTP server that holds domains, records and keys. */
export async function startVultrFake(options: VultrFakeOptions): Promise<VultrFake> {
  const domains = new Map<string, FakeDomain>();
  const tokens = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token): [string, FakeToken] => [token.value, token]));
  let left = options.rate?.calls ?? 1_000_000;

  function addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord {
    const added = { type: 'A', name: '', data: '', priority: 0, ttl: 300, ...record, id: randomUUID() };
    domain.records.push(added);
    return added;
  }

  /** What they create themselves has the priority -1. */
  function addDomain({ domain: name, ip, records = [] }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { domain: name.toLowerCase().replace(/\.$/, ''), records: [] };
    domains.set(domain.domain, domain);
    for (const server of [1, 2]) addRecord(domain, { type: 'NS', data: `ns${server}.vultr.com`, priority: -1 });
    if (ip !== undefined) {
      addRecord(domain, { type: 'A', data: ip, priority: -1 });
      addRecord(domain, { type: 'CNAME', name: '*', data: domain.domain, priority: -1 });
      addRecord(domain, { type: 'MX', data: domain.domain, priority: 10 });
    }
    for (const record of records) addRecord(domain, record);
    return domain;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    if (left-- <= 0) return refusal(429, 'Rate limit reached - please try your request again later.');
    const token = tokens.get(/^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '');
    if (token === undefined) return refusal(401, 'Invalid API token.');
    if (token.addresses?.includes(request.peer) === false) return refusal(401, `Unauthorized IP address: ${request.peer}`);
    const [, version, first, name, third, id] = request.path.split('/').map(decodeURIComponent);
    const acls = token.acls ?? everything;
    if (version === 'v2' && first === 'account') return jsonAnswer(200, { account: { name: 'Customer', email: 'customer@example.com', acls, balance: 0, pending_charges: 0 } });
    if (version !== 'v2' || first !== 'domains') return refusal(404, 'Invalid resource');
    if (!acls.includes('dns')) return refusal(403, 'Forbidden');
    if (name === undefined) return ofDomains(request);
    const domain = domains.get(name);
    if (domain === undefined) return refusal(404, 'Invalid domain.');
    if (third === undefined && request.method === 'DELETE') {
      domains.delete(name);
      return empty;
    }
    if (third === undefined) return jsonAnswer(200, { domain: shown(domain) });
    return third === 'records' ? ofRecords(request, domain, id) : refusal(404, 'Invalid resource');
  }

  function ofDomains(request: FakeRequest): FakeAnswer {
    if (request.method === 'POST') return jsonAnswer(201, { domain: shown(addDomain(JSON.parse(request.body) as FakeDomainInput)) });
    return paged(request, 'domains', [...domains.values()].map(shown));
  }

  async function ofRecords(request: FakeRequest, domain: FakeDomain, id: string | undefined): Promise<FakeAnswer> {
    const { method } = request;
    if (id === undefined && method === 'GET') return paged(request, 'records', domain.records);
    const record = domain.records.find((each) => each.id === id) ?? null;
    if (id !== undefined && record === null) return refusal(404, 'Invalid record.');
    if (record !== null && method === 'GET') return jsonAnswer(200, { record });
    if (record === null || method === 'PATCH') return written(domain, record, JSON.parse(request.body) as Partial<FakeRecord>);
    domain.records.splice(domain.records.indexOf(record), 1);
    return empty;
  }

  async function written(domain: FakeDomain, record: FakeRecord | null, body: Partial<FakeRecord>): Promise<FakeAnswer> {
    if (record === null && (body.name === undefined || body.type === undefined || body.data === undefined)) return refusal(400, 'Missing parameter');
    if (record !== null && body.type !== undefined) return refusal(400, 'The type of a record cannot be changed');
    // What else comes (their own client for Node sends the domain again) is ignored; it sends numbers in quotes, too.
    const { id, type, name, data, priority, ttl } = { ...(record ?? { id: '', type: '', name: '', data: '', priority: 0, ttl: 300 }), ...body };
    const sent = { id, type, name, data, priority: Number(priority), ttl: Number(ttl) };
    const kept = keptRecord(sent);
    const problem = problemOf(domain, record, sent, kept, options.copies === 'refused');
    if (problem !== null) return refusal(400, problem);
    await options.betweenCheckAndWrite?.();
    if (record === null) return jsonAnswer(201, { record: addRecord(domain, kept) });
    Object.assign(record, kept, { id: record.id });
    return empty;
  }

  /** The cursor is opaque: here the place of the next item, wrapped up. */
  function paged(request: FakeRequest, key: string, items: readonly unknown[]): FakeAnswer {
    const size = Math.min(Number(request.query.get('per_page') ?? 100), options.pageSize ?? 500);
    const cursor = Buffer.from(request.query.get('cursor') ?? '', 'base64').toString('utf8');
    const at = cursor === '' ? 0 : Number(cursor.replace('next__', ''));
    const to = at + size;
    const wrapped = (place: number): string => Buffer.from(`next__${place}`, 'utf8').toString('base64');
    return jsonAnswer(200, { [key]: items.slice(at, to), meta: { total: items.length, links: { next: to < items.length ? wrapped(to) : '', prev: at > 0 ? wrapped(Math.max(at - size, 0)) : '' } } });
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, domains, addDomain, addRecord, addToken: (token) => void tokens.set(token.value, token) };
}

function shown({ domain }: FakeDomain): Record<string, unknown> {
  return { domain, date_created: '2021-03-27T09:40:29+00:00', dns_sec: 'disabled' };
}
