import { jsonAnswer, type FakeAnswer, type FakeRequest } from '../../conformance/index.js';
import { conflictOf, keptRecord, problemOf, type FakeDomain, type FakeRecord, type FakeState, type Refuse } from './godaddy-records.fake.js';

const largestTtl = 604_800;
const done: FakeAnswer = { status: 200, text: '' };

/** v1: record sets without ids. */
export async function answerByKey(request: FakeRequest, state: FakeState, refuse: Refuse): Promise<FakeAnswer> {
  const [collection, name, third, type, setName] = request.path.slice('/v1/'.length).split('/').map(decodeURIComponent);
  if (collection !== 'domains') return refuse(404, 'NOT_FOUND', 'Not found');
  if (name === undefined) return jsonAnswer(200, listed(request, state));
  const domain = state.domains.get(name.toLowerCase());
  if (domain === undefined) return refuse(404, 'NOT_FOUND', `Domain ${name} not found for shopper`);
  // With the contacts of the owner and the code to move the domain away.
  if (third === undefined) return jsonAnswer(200, { ...shown(domain), authCode: 'transfer-code-of-nobody', contactRegistrant: { nameLast: 'Nobody' } });
  if (third !== 'records') return refuse(404, 'NOT_FOUND', 'Not found');
  if (!domain.nameServers.some((server) => server.endsWith('.domaincontrol.com'))) return refuse(404, 'UNKNOWN_DOMAIN', 'The given domain is not registered, or does not have a zone file');
  const isMeant = (record: FakeRecord): boolean => (type === undefined || record.type === type) && (setName === undefined || record.name.toLowerCase() === setName.toLowerCase());
  switch (request.method) {
    case 'GET': return jsonAnswer(200, domain.records.filter(isMeant));
    case 'PATCH': return write(domain, [...domain.records], JSON.parse(request.body) as FakeRecord[], state, refuse);
    case 'PUT': return replaced(request, domain, isMeant, type === undefined ? {} : { type, ...(setName === undefined ? {} : { name: setName }) }, state, refuse);
    case 'DELETE': return deleted(domain, isMeant, setName, state, refuse);
    default: return refuse(405, 'METHOD_NOT_ALLOWED', 'Method not allowed');
  }
}

/** The rest gives way: of a type and name, of a type, or of the zone. An empty list is accepted, and nothing happens. */
async function replaced(request: FakeRequest, domain: FakeDomain, isMeant: (record: FakeRecord) => boolean, place: Partial<FakeRecord>, state: FakeState, refuse: Refuse): Promise<FakeAnswer> {
  const given = (JSON.parse(request.body) as FakeRecord[]).map((record) => ({ ...record, ...place }));
  if (given.length === 0) return done;
  return write(domain, domain.records.filter((record) => !isMeant(record) || record.type === 'SOA'), given, state, refuse);
}

async function write(domain: FakeDomain, kept: FakeRecord[], given: readonly FakeRecord[], state: FakeState, refuse: Refuse): Promise<FakeAnswer> {
  const after = [...kept];
  // dns-lexicon leaves out the TTL, and is answered with an hour.
  for (const record of given.map((each) => keptRecord({ ...each, ttl: each.ttl ?? 3_600 }))) {
    const problem = problemOf(record, largestTtl) ?? conflictOf(record, after);
    if (problem !== null) return refuse(422, problem.code, problem.code === 'DUPLICATE_RECORD' ? 'Another record with the same attributes already exists' : 'The record is not valid', `records[0].${problem.path}`);
    after.push(record);
  }
  await state.pause();
  domain.records = after;
  return done;
}

async function deleted(domain: FakeDomain, isMeant: (record: FakeRecord) => boolean, name: string | undefined, state: FakeState, refuse: Refuse): Promise<FakeAnswer> {
  if (name === undefined) return refuse(405, 'METHOD_NOT_ALLOWED', 'Method not allowed');
  if (!domain.records.some(isMeant)) return refuse(404, 'NOT_FOUND', 'No such records');
  await state.pause();
  domain.records = domain.records.filter((record) => !isMeant(record));
  return { status: 204, text: '' };
}

function listed({ query }: FakeRequest, { domains }: FakeState): unknown[] {
  const statuses = query.get('statuses')?.split(',');
  const all = [...domains.values()].filter(({ status }) => statuses?.includes(status) ?? true).sort((a, b) => (a.domain < b.domain ? -1 : 1));
  const marker = query.get('marker');
  const after = marker === null ? all : all.filter(({ domain }) => domain > marker);
  return after.slice(0, Math.min(Number(query.get('limit') ?? 1_000), 1_000)).map(shown);
}

function shown({ domain, domainId, status, nameServers }: FakeDomain): Record<string, unknown> {
  return { domain, domainId, status, nameServers, expires: '2040-06-02T00:59:57.000Z', createdAt: '2014-05-30T18:20:13.000Z', locked: true, privacy: false, renewAuto: true };
}
