import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { keptRecord, problemOf, type FakeRecord, type FakeRecordInput, type FakeZone } from './dnsimple-records.fake.js';

/** `plan`: batches and regions need one that has them. `unpaid`: each call is 402. */
export type FakeAccount = { id: number; plan?: string; unpaid?: boolean };
/** Of an `account`, or of a person with several `accounts`. `zones` and `level` left out: all rights. */
export type FakeToken = { value: string; account?: number; accounts?: readonly number[]; zones?: readonly string[]; level?: 'full' | 'read' };
export type FakeZoneInput = { name: string; account?: number; active?: boolean; secondary?: boolean; records?: readonly Partial<FakeRecord>[] };
export type DnsimpleFakeOptions = {
  port?: number;
  zones?: readonly FakeZoneInput[];
  accounts?: readonly FakeAccount[];
  credential: string | readonly FakeToken[];
  faults?: readonly FakeFaultRule[];
  rate?: { perHour: number };
  /** Records of a zone: 100 on the plans Solo and Teams. Left out: as many as you like. */
  recordsPerZone?: number;
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type DnsimpleFake = FakeServer & { zones: FakeZone[]; addZone(zone: FakeZoneInput): FakeZone; addRecord(zone: FakeZone, record: Partial<FakeRecord>): FakeRecord; addToken(token: FakeToken): void };

const firstAccount: FakeAccount = { id: 1010 };
const at = '2024-06-12T10:00:00Z';
const refusal = (status: number, message: string, errors?: Record<string, string[]>): FakeAnswer => jsonAnswer(status, { message, ...(errors === undefined ? {} : { errors }) });

/** DNSimple's API v2 as far as zones go: a real HTTP server that holds accounts, zones, records and tokens. */
export async function startDnsimpleFake(options: DnsimpleFakeOptions): Promise<DnsimpleFake> {
  const zones: FakeZone[] = [];
  const accounts = options.accounts ?? [firstAccount];
  const tokens = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((token): [string, FakeToken] => [token.value, token]));
  const perHour = options.rate?.perHour ?? 2_400;
  let lastId = 64_784;
  let left = perHour;

  function addRecord(zone: FakeZone, record: Partial<FakeRecord>): FakeRecord {
    const added = { parent_id: null, name: '', content: '', ttl: 3_600, priority: null, type: 'A', regions: ['global'], system_record: false, ...record, id: ++lastId, zone_id: zone.name, created_at: at, updated_at: at };
    zone.records.push(added);
    if (added.type === 'ALIAS') addRecord(zone, { type: 'TXT', name: added.name, content: `"ALIAS for ${added.content}"`, ttl: added.ttl, parent_id: added.id });
    return added;
  }

  function addZone({ name, account = accounts[0]!.id, active = true, secondary = false, records = [] }: FakeZoneInput): FakeZone {
    const zone: FakeZone = { id: ++lastId, account_id: account, name: name.toLowerCase().replace(/\.$/, ''), active, secondary, records: [] };
    zones.push(zone);
    addRecord(zone, { type: 'SOA', content: 'ns1.dnsimple.com admin.dnsimple.com 1718186400 86400 7200 604800 300', system_record: true });
    for (const server of ['ns1.dnsimple-edge.com', 'ns2.dnsimple-edge.net', 'ns3.dnsimple-edge.io', 'ns4.dnsimple-edge.org']) addRecord(zone, { type: 'NS', content: server, system_record: true });
    for (const record of records) addRecord(zone, record);
    return zone;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const headers = { 'x-ratelimit-limit': String(perHour), 'x-ratelimit-remaining': String(Math.max(left - 1, 0)), 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 600) };
    const answer = left-- > 0 ? await routed(request) : refusal(429, 'quota exceeded');
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }

  function routed(request: FakeRequest): Promise<FakeAnswer> | FakeAnswer {
    const token = tokens.get(/^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '');
    if (token === undefined) return refusal(401, 'Authentication failed');
    const [, version, first, second, name, third, id, fifth] = request.path.split('/').map(decodeURIComponent);
    if (version !== 'v2') return refusal(404, 'Not Found');
    const seen = accounts.filter(({ id: each }) => (token.accounts ?? [token.account ?? accounts[0]!.id]).includes(each));
    if (first === 'whoami') return jsonAnswer(200, { data: token.accounts === undefined ? { user: null, account: shownAccount(seen[0]!) } : { user: { id: 1, email: 'person@example.com', created_at: at, updated_at: at }, account: null } });
    if (first === 'accounts') return jsonAnswer(200, { data: seen.map(shownAccount) });
    const account = seen.find((each) => String(each.id) === first);
    if (account === undefined || second !== 'zones') return refusal(404, 'Not Found');
    if (account.unpaid === true) return refusal(402, 'The account is not active');
    const mine = zones.filter((zone) => zone.account_id === account.id && (token.zones?.includes(zone.name) ?? true));
    if (name === undefined) return paged(request, mine.filter((zone) => zone.name.includes(request.query.get('name_like') ?? '')).map(shownZone));
    const zone = mine.find((each) => each.name === name);
    if (zone === undefined) return refusal(404, `Zone \`${name}\` not found`);
    if (token.level === 'read' && request.method !== 'GET') return refusal(403, `Permission Denied. Required Scope: zones:${name}:write`);
    if (third === undefined) return jsonAnswer(200, { data: shownZone(zone) });
    if (third === 'distribution' || fifth === 'distribution') return jsonAnswer(200, { data: { distributed: true } });
    if (third === 'file') return jsonAnswer(200, { data: { zone: `$ORIGIN ${zone.name}.\n$TTL 1h\n` } });
    // Nobody has tried it here; without the plan Enterprise it is this for everybody.
    if (third === 'batch') return refusal(412, 'Batch changes are not available in the plan of the account');
    return third === 'records' ? ofRecords(request, zone, account, id) : refusal(404, 'Not Found');
  }

  async function ofRecords(request: FakeRequest, zone: FakeZone, account: FakeAccount, id: string | undefined): Promise<FakeAnswer> {
    const { method } = request;
    if (id === undefined && method === 'GET') return paged(request, listed(request, zone));
    const record = zone.records.find((each) => each.id === Number(id)) ?? null;
    if (id !== undefined && record === null) return refusal(404, `Record \`${id}\` not found`);
    if (record !== null && method === 'GET') return jsonAnswer(200, { data: record });
    if (method !== 'DELETE') return request.body === '' ? refusal(405, 'Method not allowed') : written(zone, account, record, JSON.parse(request.body) as FakeRecordInput);
    if (record?.system_record === true) return refusal(400, 'System records cannot be deleted');
    zone.records = zone.records.filter((each) => each !== record && each.parent_id !== record?.id);
    return { status: 204, text: '' };
  }

  async function written(zone: FakeZone, account: FakeAccount, record: FakeRecord | null, body: FakeRecordInput): Promise<FakeAnswer> {
    if (zone.secondary) return refusal(400, 'The zone is a secondary zone');
    if (record === null && (body.name === undefined || body.type === undefined || body.content === undefined)) return refusal(400, 'Validation failed', Object.fromEntries((['name', 'type', 'content'] as const).filter((field) => body[field] === undefined).map((field) => [field, ["can't be blank"]])));
    if (body.regions?.some((region) => region !== 'global') === true && account.plan?.startsWith('solo') !== false) return refusal(412, 'The plan of the account does not include regional records');
    const before = record ?? { id: 0, zone_id: zone.name, parent_id: null, name: '', content: '', ttl: 3_600, priority: null, type: '', regions: ['global'], system_record: false, created_at: at, updated_at: at };
    // The type of a record cannot change; what else comes is ignored.
    const { name, content, ttl, priority, regions } = { ...before, ...body };
    const sent: FakeRecord = { ...before, name, content, ttl, priority, regions, type: record?.type ?? body.type ?? '' };
    const kept = keptRecord(sent);
    const problem = problemOf(zone, record, sent, kept, options.recordsPerZone ?? 1_000_000);
    if (problem !== null) return refusal(400, 'Validation failed', problem);
    await options.betweenCheckAndWrite?.();
    if (record === null) return jsonAnswer(201, { data: addRecord(zone, kept) });
    Object.assign(record, kept);
    for (const child of zone.records.filter(({ parent_id: parent }) => parent === record.id)) Object.assign(child, { name: kept.name, ttl: kept.ttl, content: `"ALIAS for ${kept.content}"` });
    return jsonAnswer(200, { data: record });
  }

  for (const zone of options.zones ?? []) addZone(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, zones, addZone, addRecord, addToken: (token) => void tokens.set(token.value, token) };
}

function listed({ query }: FakeRequest, zone: FakeZone): FakeRecord[] {
  const [name, like, type] = [query.get('name'), query.get('name_like'), query.get('type')];
  return zone.records.filter((record) => (name === null || name === '' || record.name === name) && (like === null || record.name.includes(like)) && (type === null || record.type === type));
}

function paged({ query }: FakeRequest, items: readonly unknown[]): FakeAnswer {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const page = Number(query.get('page') ?? 1);
  return jsonAnswer(200, { data: items.slice((page - 1) * size, page * size), pagination: { current_page: page, per_page: size, total_entries: items.length, total_pages: Math.max(1, Math.ceil(items.length / size)) } });
}

function shownAccount({ id, plan = 'teams-v1-monthly' }: FakeAccount): Record<string, unknown> {
  return { id, email: `account-${id}@example.com`, plan_identifier: plan, name: `Account ${id}`, created_at: at, updated_at: at };
}

function shownZone({ id, account_id, name, active, secondary }: FakeZone): Record<string, unknown> {
  return { id, account_id, name, reverse: false, secondary, last_transferred_at: null, active, created_at: at, updated_at: at };
}
