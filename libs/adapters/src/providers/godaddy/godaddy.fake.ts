import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { answerByKey } from './godaddy-key.fake.js';
import { keptRecord, type FakeDomain, type FakeRecord, type FakeState, type Refuse } from './godaddy-records.fake.js';
import { answerByToken } from './godaddy-token.fake.js';

/** `value` is `key:secret` or a token; `scopes` are those of a token. An account that is not eligible is refused by the API beyond its deletions. */
export type FakeCredential = { value: string; scopes?: readonly string[]; eligible?: boolean };
export type FakeDomainInput = { domain: string; status?: string; nameServers?: readonly string[]; records?: readonly FakeRecord[] };
export type GodaddyFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  credential: string | readonly FakeCredential[];
  faults?: readonly FakeFaultRule[];
  /** Calls until 429. */
  rate?: { calls: number; quota?: boolean };
  /** Domains on a page of v3 at most, whatever is asked for. */
  pageSize?: number;
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type GodaddyFake = FakeServer & { domains: Map<string, FakeDomain>; addDomain(domain: FakeDomainInput): FakeDomain; addRecord(domain: FakeDomain, record: FakeRecord): void };


const everyScope = ['domains.domain:read', 'domains.dns:update'];
const gate = 'Authenticated user is not allowed access';

/** GoDaddy's two APIs over one store: a real HTTP server that holds domains, their records, keys and tokens. */
export async function startGodaddyFake(options: GodaddyFakeOptions): Promise<GodaddyFake> {
  const domains = new Map<string, FakeDomain>();
  const credentials = typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential;
  const state: FakeState = { domains, pageSize: options.pageSize ?? 1_000_000, pause: async () => options.betweenCheckAndWrite?.() };
  let left = options.rate?.calls ?? Number.POSITIVE_INFINITY;

  function addRecord(domain: FakeDomain, record: FakeRecord): void {
    domain.records.push(record);
  }

  /** A domain that is served elsewhere has no zone here. */
  function addDomain({ domain: name, status = 'ACTIVE', nameServers = ['ns01.domaincontrol.com', 'ns02.domaincontrol.com'], records = [] }: FakeDomainInput): FakeDomain {
    const domain: FakeDomain = { domain: name.toLowerCase().replace(/\.$/, ''), domainId: 310_000_000 + domains.size, status, nameServers: [...nameServers], records: [] };
    domains.set(domain.domain, domain);
    for (const server of nameServers) addRecord(domain, { type: 'NS', name: '@', data: server, ttl: 3_600 });
    addRecord(domain, { type: 'SOA', name: '@', data: 'ns01.domaincontrol.com', ttl: 3_600 });
    for (const record of records) addRecord(domain, keptRecord(record));
    return domain;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    const isToken = request.path.startsWith('/v3/');
    const refuse = isToken ? refusedByToken : refusedByKey;
    if (!isToken && !request.path.startsWith('/v1/')) return refuse(404, 'NOT_FOUND', 'Not found');
    const [scheme, value] = (request.headers['authorization'] ?? '').split(' ');
    const credential = credentials.find((each) => each.value === value && scheme === (each.value.startsWith('gd_pat_') ? 'Bearer' : 'sso-key'));
    // v3 knows nothing of keys; a token opens both.
    if (credential === undefined || (isToken && scheme === 'sso-key')) return refuse(401, 'UNABLE_TO_AUTHENTICATE', 'Unauthorized : Could not authenticate API key/secret');
    if (left-- <= 0) return limited(refuse);
    // Seen at accounts below the gate: deletions were let through (go-acme/lego issue 2269).
    if (credential.eligible === false && request.method !== 'DELETE') return refuse(403, 'ACCESS_DENIED', gate);
    const needed = request.method === 'GET' ? 'domains.domain:read' : 'domains.dns:update';
    if (scheme === 'Bearer' && !(credential.scopes ?? everyScope).includes(needed)) return refuse(403, 'ACCESS_DENIED', gate);
    return (isToken ? answerByToken : answerByKey)(request, state, refuse);
  }

  function limited(refuse: Refuse): FakeAnswer {
    const answer = refuse(429, options.rate?.quota === true ? 'QUOTA_EXCEEDED' : 'TOO_MANY_REQUESTS', 'Too many requests received within interval');
    return jsonAnswer(429, { ...(JSON.parse(answer.text) as object), retryAfterSec: 30 });
  }

  for (const zone of options.zones ?? []) addDomain(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, domains, addDomain, addRecord };
}

const refusedByKey: Refuse = (status, code, message, path) => jsonAnswer(status, { code, message, ...(path === undefined ? {} : { fields: [{ code, message, path }] }) });

const refusedByToken: Refuse = (status, code, message, path) => jsonAnswer(status, {
  name: code, message, correlationId: '0b1d3c5e-0000-4000-8000-000000000000', informationLink: 'https://developer.godaddy.com',
  ...(path === undefined ? {} : { details: [{ field: `/${path}`, issue: code, location: 'body', description: message }] }),
});
