import { jsonAnswer, type FakeAnswer, type FakeRequest } from '../../conformance/index.js';
import { conflictOf, idOf, inOrder, keptRecord, problemOf, type FakeDomain, type FakeRecord, type FakeState, type Refuse } from './godaddy-records.fake.js';

const origin = 'https://api.godaddy.com';
const largestTtl = 86_400;
const filters = ['type', 'name'] as const;

/** v3: records with ids. */
export async function answerByToken(request: FakeRequest, state: FakeState, refuse: Refuse): Promise<FakeAnswer> {
  const [collection, name, third, id] = request.path.slice('/v3/domains/'.length).split('/').map(decodeURIComponent);
  if (collection === 'domain-names' && name === undefined) return listed(request, state, refuse);
  const domain = state.domains.get((name ?? '').toLowerCase());
  if (domain === undefined) return refuse(404, 'NOT_FOUND', 'The requested resource was not found', 'zone');
  if (collection === 'domain-names' && third === undefined) return jsonAnswer(200, shown(domain));
  if (collection !== 'zones' || third !== 'dns-records') return refuse(404, 'NOT_FOUND', 'The requested resource was not found', 'path');
  if (!domain.nameServers.some((server) => server.endsWith('.domaincontrol.com'))) return refuse(404, 'NOT_FOUND', 'The requested resource was not found', 'zone');
  return id === undefined ? ofZone(request, domain, state, refuse) : ofRecord(request, domain, id, state, refuse);
}

async function ofZone(request: FakeRequest, domain: FakeDomain, state: FakeState, refuse: Refuse): Promise<FakeAnswer> {
  if (request.method === 'GET') return pageOf(request, inOrder(domain.records).filter((record) => filters.every((field) => [null, record[field]].includes(request.query.get(field)))).map(withId), refuse);
  if (request.method !== 'POST') return refuse(405, 'METHOD_NOT_ALLOWED', 'Method not allowed', 'method');
  const record = keptRecord(JSON.parse(request.body) as FakeRecord);
  if (record.type === 'NS') return refuse(409, 'dns_record_not_mutable', 'The record is managed by GoDaddy', 'type');
  const problem = problemOf(record, largestTtl) ?? conflictOf(record, domain.records);
  if (problem !== null) return refuse(422, problem.code, 'The request is semantically invalid', problem.path);
  await state.pause();
  domain.records.push(record);
  return jsonAnswer(201, withId(record), { location: `${origin}${request.path}/${encodeURIComponent(idOf(record))}` });
}

async function ofRecord(request: FakeRequest, domain: FakeDomain, id: string, state: FakeState, refuse: Refuse): Promise<FakeAnswer> {
  const record = domain.records.find((each) => idOf(each) === id);
  if (record === undefined) return refuse(404, 'NOT_FOUND', 'The requested resource was not found', 'recordId');
  switch (request.method) {
    case 'GET': return jsonAnswer(200, withId(record));
    case 'PUT': {
      // As it was found: the whole zone gives way to this record (godaddy/cli issue 136).
      domain.records = [keptRecord(JSON.parse(request.body) as FakeRecord)];
      return jsonAnswer(200, withId(domain.records[0]!));
    }
    case 'DELETE': {
      if (record.type === 'SOA' || record.type === 'NS') return refuse(409, 'dns_record_not_mutable', 'The record is managed by GoDaddy', 'recordId');
      await state.pause();
      domain.records = domain.records.filter((each) => each !== record);
      return { status: 204, text: '' };
    }
    default: return refuse(405, 'METHOD_NOT_ALLOWED', 'Method not allowed', 'method');
  }
}

/** Pages are counted from 1; totals only where they are asked for and there is something to count. */
function pageOf(request: FakeRequest, records: readonly unknown[], refuse: Refuse): FakeAnswer {
  const { query, path } = request;
  const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('pageSize') ?? 25)];
  if (!(page >= 1) || !(size >= 1) || size > 100) return refuse(400, 'MISMATCH_FORMAT', 'The request is malformed', 'pageSize');
  const linkTo = (rel: string, to: number): object => ({ rel, href: `${origin}${path}?${new URLSearchParams({ ...Object.fromEntries(query), page: String(to) }).toString()}` });
  const links = [linkTo('self', page), ...(page * size < records.length ? [linkTo('next', page + 1)] : []), ...(page > 1 ? [linkTo('prev', page - 1)] : [])];
  const totals = query.get('totalRequired') === 'true' && records.length > 0 ? { totalItems: records.length, totalPages: Math.ceil(records.length / size) } : {};
  return jsonAnswer(200, { items: records.slice((page - 1) * size, page * size), ...totals, links });
}

function listed({ query, path }: FakeRequest, { domains, pageSize }: FakeState, refuse: Refuse): FakeAnswer {
  const size = Number(query.get('pageSize') ?? 100);
  if (!(size >= 1) || size > 200) return refuse(400, 'MISMATCH_FORMAT', 'The request is malformed', 'pageSize');
  const statuses = query.get('statuses')?.split(',');
  const all = [...domains.values()].filter(({ status }) => statuses?.includes(status) ?? true);
  const start = Number(Buffer.from(query.get('pageToken') ?? '', 'base64url').toString('utf8') || 0);
  const end = start + Math.min(size, pageSize);
  const next = end < all.length ? [{ rel: 'next', href: `${origin}${path}?${new URLSearchParams({ ...Object.fromEntries(query), pageToken: Buffer.from(String(end)).toString('base64url') }).toString()}` }] : [];
  return jsonAnswer(200, { items: all.slice(start, end).map(shown), links: [{ rel: 'self', href: `${origin}${path}` }, ...next] });
}

function withId(record: FakeRecord): object {
  return { recordId: idOf(record), ...record };
}

function shown({ domain, status, nameServers }: FakeDomain): object {
  return { domain, status, nameServers, autoRenew: true, privacy: false, transferLock: true, expiresAt: '2040-06-02T00:59:57Z', createdAt: '2014-05-30T18:20:13Z', links: [{ rel: 'self', href: `${origin}/v3/domains/domain-names/${domain}` }] };
}
