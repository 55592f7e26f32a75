import { randomUUID } from 'node:crypto';
import { jsonAnswer, startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { collides, isSame, keptRecord, problemOf, shown, type FakeRecord, type FakeZone, type Problem, type Sent } from './ionos-records.fake.js';

/** `contract` left out: that of zones without one. */
export type FakeKey = { value: string; contract?: string };
export type FakeZoneInput = { name: string; type?: FakeZone['type']; contract?: string; records?: readonly Partial<FakeRecord>[] };
export type IonosFakeOptions = {
  port?: number;
  zones?: readonly FakeZoneInput[];
  credential: string | readonly FakeKey[];
  faults?: readonly FakeFaultRule[];
  /** Calls until 429. */
  rate?: { calls: number };
  /** What the documentation leaves open: how a text over 255 octets is kept, and the answer to a zone that the contract does not have. */
  longTexts?: 'joined' | 'split';
  unknownZone?: 401 | 404;
  /** A missing or wrong key is refused by what stands before the API, with an object. */
  gateway?: boolean;
  /** Racy: something happens between the validation of a write and the write. */
  betweenCheckAndWrite?: () => Promise<void>;
};
export type IonosFake = FakeServer & { zones: FakeZone[]; addZone(zone: FakeZoneInput): FakeZone; addRecord(zone: FakeZone, record: Partial<FakeRecord>): FakeRecord; addKey(key: FakeKey): void };

const contractOfAll = '12345678';
const refusal = (status: number, code: string, message?: string, parameters?: unknown): FakeAnswer => jsonAnswer(status, [{ code, ...(message === undefined ? {} : { message }), ...(parameters === undefined ? {} : { parameters }) }]);
const unauthorized = (): FakeAnswer => refusal(401, 'UNAUTHORIZED', 'The customer is not authorized to do this operation.');
const done: FakeAnswer = { status: 200, text: '' };

/** The DNS API of IONOS hosting: a real HTTP server that holds zones of contracts, their records, and keys. */
export async function startIonosFake(options: IonosFakeOptions): Promise<IonosFake> {
  const zones: FakeZone[] = [];
  const keys = new Map((typeof options.credential === 'string' ? [{ value: options.credential }] : options.credential).map((key): [string, FakeKey] => [key.value, key]));
  let left = options.rate?.calls ?? 1_000_000;

  function addRecord(zone: FakeZone, record: Partial<FakeRecord>): FakeRecord {
    const added: FakeRecord = { name: zone.name, type: 'A', content: '', ttl: 3_600, prio: null, disabled: false, changeDate: '2024-11-28T13:45:48.186Z', service: null, ...record, id: randomUUID() };
    zone.records.push(added);
    return added;
  }

  function addZone({ name, type = 'NATIVE', contract = contractOfAll, records = [] }: FakeZoneInput): FakeZone {
    const zone: FakeZone = { id: randomUUID(), name: name.toLowerCase().replace(/\.$/, ''), type, contract, records: [] };
    zones.push(zone);
    const servers = ['com', 'de', 'org', 'biz'].map((tld, at) => `ns1${String(16 + 20 * at).padStart(3, '0')}.ui-dns.${tld}`);
    addRecord(zone, { type: 'SOA', content: `${servers[0]} hostmaster.1und1.com 2017060109 28800 7200 604800 600`, ttl: 86_400 });
    for (const content of servers) addRecord(zone, { type: 'NS', content, ttl: 86_400 });
    for (const record of records) addRecord(zone, record);
    return zone;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    if (left-- <= 0) return { status: 429, text: '' };
    const key = keys.get(request.headers['x-api-key'] ?? '');
    if (key === undefined) return options.gateway === true ? jsonAnswer(401, { message: request.headers['x-api-key'] === undefined ? 'No API key found in request' : 'Invalid authentication credentials' }) : unauthorized();
    if (request.body !== '' && request.headers['content-type'] !== 'application/json') return refusal(400, 'INVALID_REQUEST', 'A generic error has occurred.');
    const [, dns, version, first, zoneId, third, recordId] = request.path.split('/').map(decodeURIComponent);
    if (dns !== 'dns' || version !== 'v1') return { status: 404, text: '' };
    if (first === 'records' && zoneId === 'normalizer') return normalized(JSON.parse(request.body) as Sent);
    if (first !== 'zones') return { status: 404, text: '' };
    const visible = zones.filter(({ contract }) => contract === (key.contract ?? contractOfAll));
    if (zoneId === undefined) return jsonAnswer(200, visible.map(({ id, name, type }) => ({ name, id, type })));
    const zone = visible.find(({ id }) => id === zoneId);
    if (zone === undefined) return options.unknownZone === 404 ? refusal(404, 'ZONE_NOT_FOUND', 'Zone does not exist.') : unauthorized();
    if (third === undefined) return request.method === 'GET' ? listed(request, zone) : replaced(request, zone);
    return third === 'records' ? ofRecords(request, zone, recordId) : { status: 404, text: '' };
  }

  function listed({ query }: FakeRequest, { id, name, type, records }: FakeZone): FakeAnswer {
    const suffix = query.get('suffix');
    if (suffix !== null && (suffix === '' || suffix.startsWith('.'))) return refusal(400, 'INVALID_REQUEST', 'The suffix is invalid.');
    const [named, typed] = [query.get('recordName'), query.get('recordType')?.split(',')];
    const meant = records.filter((each) => (named === null || each.name === named) && (typed?.includes(each.type) ?? true) && (suffix === null || each.name.endsWith(suffix)));
    return jsonAnswer(200, { id, name, type, records: meant.map((each) => shown({ id, name, type, records, contract: '' }, each)) });
  }

  async function ofRecords(request: FakeRequest, zone: FakeZone, recordId: string | undefined): Promise<FakeAnswer> {
    const { method } = request;
    if (recordId === undefined) return method === 'POST' ? created(zone, JSON.parse(request.body)) : { status: 405, text: '' };
    const record = zone.records.find(({ id }) => id === recordId);
    if (record === undefined) return refusal(404, 'RECORD_NOT_FOUND', 'Record does not exist.');
    if (method === 'GET') return jsonAnswer(200, shown(zone, record));
    if (method === 'PUT') return updated(zone, record, JSON.parse(request.body) as Sent);
    await options.betweenCheckAndWrite?.();
    zone.records.splice(zone.records.indexOf(record), 1);
    switchOff(zone, record.service);
    return done;
  }

  async function created(zone: FakeZone, body: unknown): Promise<FakeAnswer> {
    if (!Array.isArray(body)) return refusal(400, 'INVALID_DATA', 'The request body is invalid or not supported by the endpoint.');
    const wanted = (body as Sent[]).map((sent) => ({ sent, kept: keptRecord(sent, options.longTexts ?? 'joined') }));
    const refused = problemsIn(zone, wanted);
    if (refused !== null) return refused;
    await options.betweenCheckAndWrite?.();
    for (const { kept } of wanted) put(zone, kept);
    return jsonAnswer(201, wanted.map(({ kept }) => shown(zone, kept)));
  }

  async function updated(zone: FakeZone, record: FakeRecord, { content = record.content, ttl = record.ttl, prio = record.prio ?? undefined, disabled = false }: Sent): Promise<FakeAnswer> {
    const sent = { name: record.name, type: record.type, content, ttl, prio, disabled };
    const kept = keptRecord(sent, options.longTexts ?? 'joined');
    const problem = problemOf(zone, sent, kept, record);
    if (problem !== null) return invalid(sent, problem);
    await options.betweenCheckAndWrite?.();
    zone.records = zone.records.filter((each) => each !== record);
    switchOff(zone, record.service);
    put(zone, kept);
    return jsonAnswer(200, shown(zone, kept));
  }

  /** A copy takes the place of what it is a copy of; services that are in the way are switched off. */
  function put(zone: FakeZone, kept: FakeRecord): void {
    zone.records = zone.records.filter((each) => !isSame(each, kept));
    const services = zone.records.filter((each) => !each.disabled && each.service !== null && collides(each, kept)).map(({ service }) => service);
    for (const service of services) switchOff(zone, service);
    zone.records.push(kept);
  }

  async function replaced(request: FakeRequest, zone: FakeZone): Promise<FakeAnswer> {
    const wanted = (JSON.parse(request.body) as Sent[]).map((sent) => ({ sent, kept: keptRecord(sent, options.longTexts ?? 'joined') }));
    const stays = ({ name, type }: FakeRecord): boolean => ['SOA', 'NS'].includes(type) || (request.method === 'PATCH' && !wanted.some(({ kept }) => kept.name === name && kept.type === type));
    const refused = problemsIn({ ...zone, records: zone.records.filter(stays) }, wanted);
    if (refused !== null) return refused;
    await options.betweenCheckAndWrite?.();
    zone.records = zone.records.filter(stays);
    for (const { kept } of wanted) put(zone, kept);
    return done;
  }

  for (const zone of options.zones ?? []) addZone(zone);
  const server = await startFakeServer({ ...(options.port === undefined ? {} : { port: options.port }), ...(options.faults === undefined ? {} : { faults: options.faults }), handle });
  return { ...server, zones, addZone, addRecord, addKey: (key) => void keys.set(key.value, key) };
}

function switchOff(zone: FakeZone, service: string | null): void {
  for (const record of zone.records) if (service !== null && record.service === service) record.disabled = true;
}

function problemsIn(zone: FakeZone, wanted: readonly { sent: Sent; kept: FakeRecord }[]): FakeAnswer | null {
  for (const { sent, kept } of wanted) {
    const problem = problemOf(zone, sent, kept, null);
    if (problem !== null) return invalid(sent, problem);
  }
  return null;
}

function invalid(sent: Sent, problem: Problem): FakeAnswer {
  return refusal(400, 'INVALID_RECORD', 'Record is invalid.', { errorRecord: sent, inputRecord: sent, ...problem });
}

function normalized(sent: Sent): FakeAnswer {
  const { name, type, content, ttl, prio, disabled } = keptRecord(sent, 'joined');
  return jsonAnswer(200, { name, type, content, ttl, ...(prio === null ? {} : { prio }), disabled });
}
