import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { problemOf, shown, wantedOf, type FakeRecord, type RecordInput } from './vercel-records.fake.js';

/** `teamId`: of a personal account `null`. */
export type FakeDomain = { name: string; teamId: string | null; serviceType: 'zeit.world' | 'external' | 'na'; verified: boolean; createdAt: number; records: FakeRecord[] };
/** `opens`: the full account, one team, or a project, which opens no domains. */
export type FakeToken = { value: string; opens?: 'account' | 'project' | { team: string }; mayWrite?: boolean; expiresAt?: number };
export type FakeDomainInput = { name: string; teamId?: string | null; serviceType?: FakeDomain['serviceType']; verified?: boolean; records?: readonly Partial<FakeRecord>[] };
export type VercelFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  credential: string | readonly FakeToken[];
  /** Beside those of the zones. */
  teams?: readonly string[];
  /** Where calls without a team run; left out: the personal account. */
  defaultTeam?: string;
  faults?: readonly FakeFaultRule[];
  rate?: { createsAnHour: number };
  /** An identical record is stored again, or refused. */
  copies?: 'kept' | 'refused';
  /** As in a recording of 2021: `next` is set on the last page, too. */
  nextAlways?: boolean;
  /** A token for one team may not list teams. */
  teamsRefused?: boolean;
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type VercelFake = FakeServer & { domains: FakeDomain[]; addDomain(domain: FakeDomainInput): FakeDomain; addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord; addToken(token: FakeToken): void };

const refusal = (status: number, code: string, message: string, more: Record<string, unknown> = {}): FakeAnswer => jsonAnswer(status, { error: { code, message, ...more } });
const forbidden = (more: Record<string, unknown> = {}): FakeAnswer => refusal(403, 'forbidden', 'Not authorized', more);
const notFound = (name: string): FakeAnswer => refusal(404, 'not_found', `Domain name \`${name}\` not found`, { name });

/** Vercel's REST API as far as domains, their records, teams and tokens go: a real HTTP server that holds them. */
export async function startVercelFake(options: VercelFakeOptions): Promise<VercelFake> {
  const domains: FakeDomain[] = [];
  const tokens = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token): [string, FakeToken] => [token.value, token]));
  const teams = [...new Set([...(options.teams ?? []), ...(options.zones ?? []).flatMap(({ teamId }) => teamId ?? [])])];
  const createdAt = Date.UTC(2026, 7, 1);
  let count = 0;
  let creates = 0;

  function addRecord(domain: FakeDomain, record: Partial<FakeRecord>): FakeRecord {
    const id = `rec_${(++count).toString(16).padStart(24, '0')}`;
    const added = { id, name: '', type: 'A', value: '', ttl: 60, creator: 'user_1', comment: '', createdAt: createdAt + count, ...record };
    domain.records.push(added);
    return added;
  }

  /** Every zone has records of the system. */
  function addDomain({ name, teamId = null, serviceType = 'zeit.world', verified = true, records = [] }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { name: name.toLowerCase().replace(/\.$/, ''), teamId, serviceType, verified, createdAt: createdAt + ++count, records: [] };
    domains.push(domain);
    for (const system of [{ type: 'ALIAS', value: 'cname.vercel-dns-017.com.' }, { name: '*', type: 'ALIAS', value: 'cname.vercel-dns-017.com.' }, { type: 'CAA', value: '0 issue "letsencrypt.org"' }]) addRecord(domain, { ...system, creator: 'system', comment: 'Vercel automatically manages this record. It may change without notice.' });
    for (const record of records) addRecord(domain, record);
    return domain;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const token = tokens.get(/^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '');
    if (request.headers['authorization'] === undefined) return refusal(401, 'unauthorized', 'The request is missing an authentication token');
    if (token === undefined) return forbidden({ invalidToken: true });
    const [, first = '', ...rest] = request.path.split('/').filter((part) => part !== '').map(decodeURIComponent);
    if (first === 'user') return rest[0] === 'tokens' ? jsonAnswer(200, { token: metadataOf(token) }) : jsonAnswer(200, { user: { id: 'user_1', username: 'user' } });
    if (first === 'teams') return typeof token.opens === 'object' && options.teamsRefused === true ? forbidden() : paged(request, 'teams', teams.filter((id) => opensTeam(token, id)).map((id, at) => ({ id, slug: id.replace('team_', ''), name: id, createdAt: createdAt + at })), ({ createdAt: time }) => time);
    const team = request.query.get('teamId') ?? options.defaultTeam ?? null;
    if (first !== 'domains' || !opensTeam(token, team)) return forbidden();
    return ofDomains(request, token, team, rest);
  }

  function ofDomains(request: FakeRequest, token: FakeToken, team: string | null, [name, records, id]: string[]): Promise<FakeAnswer> | FakeAnswer {
    const visible = domains.filter(({ teamId }) => teamId === team);
    if (request.method !== 'GET' && token.mayWrite === false) return forbidden();
    if (name === undefined) return paged(request, 'domains', visible.map(domainAnswer), ({ createdAt: time }) => time);
    if (name === 'records') return ofRecord(request, visible, records ?? '');
    const domain = visible.find((each) => each.name === name);
    if (domain === undefined) return notFound(name);
    if (records === undefined) return jsonAnswer(200, { domain: domainAnswer(domain) });
    if (id === undefined && request.method === 'GET') return paged(request, 'records', domain.records.map(shown), ({ createdAt: time }) => time);
    if (id === undefined) return created(domain, JSON.parse(request.body) as RecordInput);
    const record = domain.records.find((each) => each.id === id);
    if (record === undefined) return refusal(404, 'not_found', 'DNS record not found');
    if (record.creator === 'system') return forbidden();
    domain.records.splice(domain.records.indexOf(record), 1);
    return jsonAnswer(200, {});
  }

  async function ofRecord(request: FakeRequest, visible: readonly FakeDomain[], id: string): Promise<FakeAnswer> {
    const domain = visible.find(({ records }) => records.some((each) => each.id === id));
    const record = domain?.records.find((each) => each.id === id);
    // A delete needs the domain in its path.
    if (domain === undefined || record === undefined || request.method === 'DELETE') return refusal(404, 'not_found', 'DNS record not found');
    if (request.method === 'GET') return jsonAnswer(200, shown(record));
    if (record.creator === 'system') return forbidden();
    const wanted = wantedOf({ ...(JSON.parse(request.body) as RecordInput), type: record.type }, record);
    const problem = problemOf(domain.records, record, wanted, options.copies);
    if (problem !== null) return refusal(problem.status, problem.code, problem.message);
    await options.betweenCheckAndWrite?.();
    Object.assign(record, wanted);
    return jsonAnswer(200, { id, name: record.name, type: 'record', recordType: record.type, value: shown(record).value, creator: record.creator, domain: domain.name, ttl: record.ttl, comment: record.comment, createdAt: record.createdAt });
  }

  async function created(domain: FakeDomain, body: RecordInput): Promise<FakeAnswer> {
    const total = options.rate?.createsAnHour ?? 100;
    const reset = Math.ceil(Date.now() / 1000) + 3_600;
    const headers = { 'x-ratelimit-limit': String(total), 'x-ratelimit-remaining': String(Math.max(total - creates - 1, 0)), 'x-ratelimit-reset': String(reset) };
    if (creates++ >= total) {
      const answer = refusal(429, 'rate_limited', 'Too many requests', { limit: { total, remaining: 0, reset, resetMs: reset * 1000 } });
      return { ...answer, headers: { ...answer.headers, ...headers } };
    }
    const wanted = wantedOf(body, null);
    const problem = problemOf(domain.records, null, wanted, options.copies);
    if (problem !== null) return refusal(problem.status, problem.code, problem.message);
    await options.betweenCheckAndWrite?.();
    return jsonAnswer(200, { uid: addRecord(domain, wanted).id, updated: Date.now() }, headers);
  }

  /** Newest first; `until` gives what was created before it. */
  function paged<Item>(request: FakeRequest, key: string, items: readonly Item[], timeOf: (item: Item) => number): FakeAnswer {
    const limit = Math.min(Number(request.query.get('limit') ?? 20), 100);
    const until = Number(request.query.get('until') ?? Number.POSITIVE_INFINITY);
    const all = items.filter((item) => timeOf(item) < until).sort((a, b) => timeOf(b) - timeOf(a));
    const page = all.slice(0, limit);
    const [newest, oldest] = [page[0], page.at(-1)];
    const goesOn = all.length > limit || (options.nextAlways === true && page.length > 0);
    return jsonAnswer(200, { [key]: page, pagination: { count: page.length, next: goesOn && oldest !== undefined ? timeOf(oldest) : null, prev: newest === undefined ? null : timeOf(newest) + 1 } });
  }

  function opensTeam({ opens = 'account' }: FakeToken, team: string | null): boolean {
    return typeof opens === 'object' ? opens.team === team : opens === 'account' && (team === null || teams.includes(team));
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, domains, addDomain, addRecord, addToken: (token) => void tokens.set(token.value, token) };
}

function metadataOf({ opens = 'account', expiresAt }: FakeToken): Record<string, unknown> {
  const scope = typeof opens === 'object' ? { type: 'team', teamId: opens.team } : { type: 'user' };
  return { id: 'token_1', name: 'dns', type: 'token', activeAt: 1, createdAt: 1, ...(opens === 'project' ? {} : { scopes: [{ ...scope, createdAt: 1 }] }), ...(expiresAt === undefined ? {} : { expiresAt }) };
}

function domainAnswer({ name, teamId, serviceType, verified, createdAt }: FakeDomain) {
  const own = ['ns1.vercel-dns.com', 'ns2.vercel-dns.com'];
  return {
    id: `dom_${createdAt}`, name, teamId, userId: 'user_1', serviceType, nameservers: serviceType === 'zeit.world' ? own : ['ns1.elsewhere.example'], intendedNameservers: own, verified, zone: true, suffix: false, echMode: 'disabled',
    creator: { id: 'user_1', username: 'user', email: 'user@example.com' }, boughtAt: null, createdAt, expiresAt: null, transferredAt: null,
  };
}
