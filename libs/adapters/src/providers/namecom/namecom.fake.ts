import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { keptRecord, problemOf, type FakeDomain, type FakeRecord } from './namecom-records.fake.js';

/** `login` is `user:token`. */
export type FakeAccount = { login: string; twoStep?: boolean; addresses?: readonly string[] };
export type FakeDomainInput = { domainName: string; nameservers?: string[]; expireDate?: string; records?: readonly Partial<FakeRecord>[] };
export type NamecomFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  credential: string | readonly FakeAccount[];
  faults?: readonly FakeFaultRule[];
  /** Calls until 429; their window is an hour. */
  rate?: { calls: number };
  /** Which of the two is served. Default: both. */
  families?: readonly ('core/v1' | 'v4')[];
  /** Items on a page at most, whatever is asked for. */
  pageSize?: number;
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type NamecomFake = FakeServer & { domains: Map<string, FakeDomain>; addDomain(domain: FakeDomainInput): FakeDomain; addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord; addAccount(account: FakeAccount): void };

const refusal = (status: number, message: string, details?: string): FakeAnswer => jsonAnswer(status, { message, ...(details === undefined ? {} : { details }) });

/** Name.com's two APIs over one store: a real HTTP server that holds domains, their records, and logins. */
export async function startNamecomFake(options: NamecomFakeOptions): Promise<NamecomFake> {
  const domains = new Map<string, FakeDomain>();
  const accounts = new Map((typeof options.credential === 'string' ? [{ login: options.credential }] : options.credential).map((account): [string, FakeAccount] => [account.login, account]));
  let nextId = 178_073_543;
  let left = options.rate?.calls ?? 1_000_000;

  function addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord {
    const added = { host: '', type: 'A', answer: '', ttl: 300, priority: 0, ...record, id: nextId++ };
    domain.records.push(added);
    return added;
  }

  function addDomain({ domainName, nameservers = ['ns1abc.name.com', 'ns2abc.name.com'], expireDate = '2040-06-02T00:59:57Z', records = [] }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { domainName: domainName.toLowerCase().replace(/\.$/, ''), nameservers, expireDate, records: [] };
    domains.set(domain.domainName, domain);
    for (const record of records) addRecord(domain, record);
    return domain;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const [, family, path] = /^\/(core\/v1|v4)(\/.*)$/.exec(request.path) ?? [];
    if (path === undefined || options.families?.includes(family as 'v4') === false) return { status: 404, headers: { 'content-type': 'text/plain' }, text: '404 page not found' };
    const isCore = family === 'core/v1';
    const answer = await routed(request, path.split('/').slice(1).map(decodeURIComponent), isCore);
    return isCore ? answer : asV4(answer);
  }

  async function routed(request: FakeRequest, [first, name, third, id]: string[], isCore: boolean): Promise<FakeAnswer> {
    const { method } = request;
    const basic = /^Basic (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
    const account = accounts.get(Buffer.from(basic, 'base64').toString('utf8'));
    if (account === undefined) return isCore ? refusal(401, 'Unauthorized') : refusal(403, 'Permission Denied');
    if (account.twoStep === true) return refusal(403, 'Permission Denied', 'Two-step verification is not compatible with API access');
    if (account.addresses?.includes(request.peer) === false) return refusal(403, 'Permission Denied', 'The IP address is not allowed');
    if (left-- <= 0) return { ...refusal(429, 'Rate Limit Exceeded'), headers: { 'content-type': 'application/json', 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 900) } };
    if (isCore && ['POST', 'PUT', 'PATCH'].includes(method) && !/^application\/json\b/.test(request.headers['content-type'] ?? '')) return refusal(415, 'Unsupported Media Type');
    if (first === 'hello') return jsonAnswer(200, { motd: 'Hello', serverName: 'fake', serverTime: new Date().toISOString(), username: account.login.split(':')[0] });
    if (first !== 'domains') return refusal(404, 'Not Found');
    if (name === undefined) return listed(request, isCore);
    const domain = domains.get(name);
    if (domain === undefined) return refusal(404, 'Not Found');
    if (third === undefined) return jsonAnswer(200, shown(domain));
    return third === 'records' ? ofRecords(request, domain, id) : refusal(404, 'Not Found');
  }

  function listed(request: FakeRequest, isCore: boolean): FakeAnswer {
    const filter = isCore ? request.query.get('domainName') : null;
    return paged(request, 'domains', [...domains.values()].filter(({ domainName }) => filter === null || domainName === filter.toLowerCase()).map(shown));
  }

  async function ofRecords(request: FakeRequest, domain: FakeDomain, id: string | undefined): Promise<FakeAnswer> {
    const { method } = request;
    if (id === undefined && method === 'GET') return paged(request, 'records', domain.records.map((record) => inAnswer(domain, record)));
    const record = domain.records.find((each) => each.id === Number(id)) ?? null;
    if (id !== undefined && record === null) return refusal(404, 'Not Found');
    if (record !== null && method === 'GET') return jsonAnswer(200, inAnswer(domain, record));
    if (!domain.nameservers.some((server) => server.endsWith('.name.com')) || Date.parse(domain.expireDate) < Date.now()) return refusal(403, 'Permission Denied');
    if (record === null || method === 'PUT') return written(domain, record, JSON.parse(request.body) as Partial<FakeRecord>);
    domain.records.splice(domain.records.indexOf(record), 1);
    return { status: 204, text: '' };
  }

  /** A replacement overwrites every field, those too that were left out; of type and answer dns-lexicon says that they may be left out and stay. */
  async function written(domain: FakeDomain, record: FakeRecord | null, { type = record?.type ?? '', host = '', answer = record?.answer ?? '', ttl = 300, priority = 0 }: Partial<FakeRecord>): Promise<FakeAnswer> {
    const kept = keptRecord({ id: 0, type, host, answer, ttl, priority });
    const problem = problemOf(domain, record, kept);
    if (problem !== null) return refusal(400, 'Invalid Argument', `Parameter Value Error - ${problem}`);
    await options.betweenCheckAndWrite?.();
    if (record === null) return jsonAnswer(200, inAnswer(domain, addRecord(domain, kept)));
    Object.assign(record, kept, { id: record.id });
    return jsonAnswer(200, inAnswer(domain, record));
  }

  function paged(request: FakeRequest, key: string, items: readonly unknown[]): FakeAnswer {
    const size = Math.min(Number(request.query.get('perPage') ?? 1_000), options.pageSize ?? 1_000);
    const page = Number(request.query.get('page') ?? 1);
    const [at, to] = [(page - 1) * size, page * size];
    const next = to < items.length ? { nextPage: page + 1, lastPage: Math.ceil(items.length / size) } : {};
    return jsonAnswer(200, { [key]: items.slice(at, to), totalCount: items.length, from: Math.min(at + 1, items.length), to: Math.min(to, items.length), ...next });
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, domains, addDomain, addRecord, addAccount: (account) => void accounts.set(account.login, account) };
}

function shown({ domainName, nameservers, expireDate }: FakeDomain): Record<string, unknown> {
  return { domainName, nameservers, locked: true, autorenewEnabled: true, expireDate, createDate: '2014-05-30T18:20:13Z' };
}

function inAnswer({ domainName }: FakeDomain, { id, host, type, answer, ttl, priority }: FakeRecord): Record<string, unknown> {
  return { id, domainName, host, fqdn: `${host === '' ? '' : `${host}.`}${domainName}.`, type, answer, ttl, ...(['MX', 'SRV'].includes(type) ? { priority } : {}) };
}

/** As recorded in 2020: labelled as a page, what is empty or zero is left out, and a deletion is 200. */
function asV4(answer: FakeAnswer): FakeAnswer {
  if (answer.status === 204) return { status: 200, headers: { 'content-type': 'text/html' }, text: '{}' };
  const sparse: unknown = JSON.parse(answer.text, (_, value: unknown) => (value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0) ? undefined : value));
  return { ...answer, headers: { ...answer.headers, 'content-type': 'text/html' }, text: JSON.stringify(sparse) };
}
