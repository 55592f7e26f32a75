import { describe, expect, it } from '@jest/globals';
import { ProviderError, movableClock, ownerName, secret, type Change, type ErrorCode, type RecordSet } from '@connect/domain';
import { defineProvider, type AuditRule, type ChangeOutcome, type ProviderAdapter, type ProviderDescriptor, type ProviderPorts } from '../spi/index.js';
import { openProvider } from './index.js';

const apex = ownerName('example.test.');
const zone = { id: 'z', apex };
const signal = new AbortController().signal;
const aSet = (name: string, type = 'A', values = ['192.0.2.1'], ttlSeconds = 300): RecordSet => ({ ownerName: ownerName(name === '' ? apex : `${name}.${apex}`), type, ttlSeconds, values });
const creation = (set: RecordSet): Change => ({ ownerName: set.ownerName, type: set.type, before: null, after: set });

const everything: ProviderDescriptor['capabilities'] = {
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'CAA'], apexAlias: 'none', wildcard: true, underscoreNames: true, ttl: { minSeconds: 60, maxSeconds: 3600 }, nullMx: true, srvDotTarget: true,
  caaIssuerCritical: true, emptyTxt: true, maxTxtBytes: 10, nonAsciiTxt: true, listsZones: true,
};

/** A provider in memory that keeps count, and fails as it is told to. */
function opened(options: { writeGuard?: ProviderDescriptor['writeGuard']; size?: number; capabilities?: Partial<ProviderDescriptor['capabilities']>; audit?: AuditRule[]; write?: (changes: readonly Change[], call: number) => Promise<ChangeOutcome[]> } = {}) {
  const clock = movableClock();
  const sets: RecordSet[] = [];
  const calls = { reads: 0, writes: [] as Change[][] };
  const apply = (changes: readonly Change[]): ChangeOutcome[] => changes.map((change) => ({ change, status: 'applied', code: null, detail: null }));
  const raw: ProviderAdapter = {
    checkCredential: () => Promise.reject(new Error('the key c4nary is wrong')),
    findZone: () => Promise.reject(new ProviderError('zone_not_found')),
    getRecordSets: (_, names) => {
      calls.reads++;
      return Promise.resolve({ names, recordSets: sets.filter((set) => names === 'all' || names.includes(set.ownerName)), recordSetCount: sets.length, native: calls.reads });
    },
    applyChanges: (_, changes) => {
      calls.writes.push([...changes]);
      return options.write?.(changes, calls.writes.length) ?? Promise.resolve(apply(changes));
    },
  };
  const provider = defineProvider({
    descriptor: {
      id: 'memory', name: 'Memory', links: { console: null, documentation: 'https://example.test' }, granularity: 'record_set', writeGuard: options.writeGuard ?? 'none', atomicWrite: true, maxChangesPerWrite: options.size ?? 2,
      partialRead: true, settleTimeMs: 0, callTimeoutMs: 1_000, capabilities: { ...everything, ...options.capabilities }, limits: [], hosts: [],
      credential: { format: '', json: false, fields: [], steps: [], gate: null, minimalPolicy: '' }, nameServerPatterns: [], sunset: null,
    },
    credential: { parse: (token) => token }, audit: options.audit ?? [], open: () => raw,
  });
  return { adapter: openProvider(provider, secret('c4nary'), { clock } as unknown as ProviderPorts), clock, sets, calls, apply };
}

async function write(world: ReturnType<typeof opened>, changes: Change[]): Promise<[string, ErrorCode | null][]> {
  const reading = await world.adapter.getRecordSets(zone, 'all', signal);
  return (await world.adapter.applyChanges(zone, changes, reading, signal)).map(({ status, code }) => [status, code]);
}

describe('a look before the write', () => {
  it('is the reading itself while it is fresh, and another one when it is not', async () => {
    const world = opened();
    const reading = await world.adapter.getRecordSets(zone, 'all', signal);

    await world.adapter.applyChanges(zone, [creation(aSet('a'))], reading, signal);
    expect(world.calls.reads).toBe(1);
    world.clock.advance(501);
    await world.adapter.applyChanges(zone, [creation(aSet('b'))], reading, signal);

    expect([world.calls.reads, world.calls.writes.length]).toEqual([2, 2]);
  });

  it('is not needed where the provider itself compares', async () => {
    const world = opened({ writeGuard: 'compare_and_swap' });
    const reading = await world.adapter.getRecordSets(zone, 'all', signal);
    world.clock.advance(60_000);

    await world.adapter.applyChanges(zone, [creation(aSet('a'))], reading, signal);

    expect(world.calls.reads).toBe(1);
  });

  it('refuses only what moved', async () => {
    const world = opened();
    const reading = await world.adapter.getRecordSets(zone, 'all', signal);
    world.sets.push(aSet('a', 'A', ['192.0.2.99']));
    world.clock.advance(60_000);

    const outcomes = await world.adapter.applyChanges(zone, [creation(aSet('a')), creation(aSet('b'))], reading, signal);

    expect(outcomes.map(({ status, code }) => [status, code])).toEqual([['refused', 'zone_changed'], ['applied', null]]);
  });

  it('is taken, too, for a reading that another opening made', async () => {
    const world = opened();
    const reading = { names: 'all' as const, recordSets: [], recordSetCount: 0, native: null };

    await world.adapter.applyChanges(zone, [creation(aSet('a'))], reading, signal);

    expect(world.calls.reads).toBe(1);
  });
});

describe('a write in portions', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => creation(aSet(name)));
  const second = (code: ProviderError['code']) => (changes: readonly Change[], call: number): Promise<ChangeOutcome[]> =>
    call === 2 ? Promise.reject(new ProviderError(code)) : Promise.resolve(changes.map((change) => ({ change, status: 'applied', code: null, detail: null })));

  it.each([
    ['rate_limited', ['applied', 'applied', 'refused', 'refused', 'refused'], 2],
    ['record_invalid', ['applied', 'applied', 'refused', 'refused', 'applied'], 3],
    ['outcome_unknown', ['applied', 'applied', 'unknown', 'unknown', 'refused'], 2],
    ['provider_protocol', ['applied', 'applied', 'unknown', 'unknown', 'refused'], 2],
  ] as const)('whose second ends in %s settles every change', async (code, statuses, writes) => {
    const world = opened({ write: second(code) });

    expect((await write(world, five)).map(([status]) => status)).toEqual(statuses);
    expect(world.calls.writes).toHaveLength(writes);
  });

  it('throws what is about the account only before anything was written', async () => {
    await expect(write(opened({ write: () => Promise.reject(new ProviderError('rejected_credential')) }), five)).rejects.toMatchObject({ code: 'rejected_credential' });
  });

  it('calls a bug of the adapter unknown once it may have written', async () => {
    expect(await write(opened({ write: () => Promise.reject(new TypeError('c4nary is not iterable')) }), [five[0]!])).toEqual([['unknown', 'outcome_unknown']]);
  });

  it('calls a change without an outcome unknown', async () => {
    expect(await write(opened({ write: () => Promise.resolve([]) }), [five[0]!])).toEqual([['unknown', 'outcome_unknown']]);
  });

  it('stops after a change whose outcome is unknown', async () => {
    const world = opened({ write: (changes) => Promise.resolve(changes.map((change) => ({ change, status: 'unknown', code: 'outcome_unknown', detail: null }))) });

    expect((await write(world, five)).map(([status]) => status)).toEqual(['unknown', 'unknown', 'refused', 'refused', 'refused']);
    expect(world.calls.writes).toHaveLength(1);
  });

  it('sends deletes first', async () => {
    const world = opened();
    world.sets.push(aSet('x', 'CNAME', ['target.example.']));
    const [before] = world.sets;

    await write(world, [creation(aSet('x')), { ownerName: before!.ownerName, type: 'CNAME', before: before!, after: null }]);

    expect(world.calls.writes[0]?.map(({ type }) => type)).toEqual(['CNAME', 'A']);
  });
});

describe('what is refused before anything is sent', () => {
  it.each([
    ['a wildcard', { wildcard: false }, aSet('*')],
    ['an underscore name', { underscoreNames: false }, aSet('_x', 'TXT', ['"x"'])],
    ['null MX', { nullMx: false }, aSet('m', 'MX', ['0 .'])],
    ['SRV with the target "."', { srvDotTarget: false }, aSet('_s._tcp', 'SRV', ['0 0 0 .'])],
    ['critical CAA', { caaIssuerCritical: false }, aSet('c', 'CAA', ['128 issue "x"'])],
    ['an empty TXT record', { emptyTxt: false }, aSet('t', 'TXT', ['""'])],
    ['a long TXT record', {}, aSet('t', 'TXT', ['"01234567890"'])],
    ['TXT that is not ASCII', { nonAsciiTxt: false }, aSet('t', 'TXT', ['"\\195\\188"'])],
    ['a CNAME at the apex', {}, aSet('', 'CNAME', ['target.example.'])],
    ['another type', { types: ['TXT'] }, aSet('a')],
  ] as const)('%s, where the provider has it not', async (_, capabilities, set) => {
    const world = opened({ capabilities: capabilities as Partial<ProviderDescriptor['capabilities']> });

    expect(await write(world, [creation(set)])).toEqual([['refused', 'unsupported']]);
    expect(world.calls.writes).toEqual([]);
  });

  it('what an audit rule names, with the name of the rule', async () => {
    const audit: AuditRule[] = [{ name: 'txtEndsWithSpace', source: 'test', refuses: (change) => (change.after?.values.some((value) => value.endsWith(' "')) === true ? 'a space at the end' : null) }];
    const world = opened({ audit });
    const reading = await world.adapter.getRecordSets(zone, 'all', signal);

    expect(await world.adapter.applyChanges(zone, [creation(aSet('t', 'TXT', ['"x "']))], reading, signal)).toMatchObject([{ status: 'refused', detail: 'txtEndsWithSpace: a space at the end' }]);
  });

  it('a set that may only be looked at', async () => {
    const world = opened();
    world.sets.push({ ...aSet('alias'), untouchable: 'alias' });
    const [before] = world.sets;

    expect(await write(world, [{ ownerName: before!.ownerName, type: 'A', before: before!, after: { ...before!, values: ['192.0.2.2'] } }])).toEqual([['refused', 'unsupported']]);
  });

  it('two changes of one set', async () => {
    expect(await write(opened(), [creation(aSet('a')), creation(aSet('a', 'A', ['192.0.2.2']))])).toEqual([['applied', null], ['refused', 'record_invalid']]);
  });

  it('the deletes that were to make room for a set that is refused', async () => {
    const world = opened();
    world.sets.push(aSet('x'), aSet('x', 'TXT', ['"stays"']));
    const [before] = world.sets;

    expect((await write(world, [creation(aSet('x', 'CNAME', ['target.example.'])), { ownerName: before!.ownerName, type: 'A', before: before!, after: null }])).map(([, code]) => code)).toEqual(['record_conflict', 'record_conflict']);
    expect(world.calls.writes).toEqual([]);
  });

  it('nothing, where an old TTL beyond the limits stays as it is', async () => {
    const world = opened();
    world.sets.push(aSet('old', 'A', ['192.0.2.1'], 5));
    const [before] = world.sets;

    await write(world, [{ ownerName: before!.ownerName, type: 'A', before: before!, after: { ...before!, values: ['192.0.2.1', '192.0.2.2'] } }, creation(aSet('new', 'A', ['192.0.2.1'], 5))]);

    expect(world.calls.writes[0]?.map(({ after }) => after?.ttlSeconds)).toEqual([5, 60]);
  });
});

it('lets no error out but a ProviderError without what an adapter may have put into it', async () => {
  await expect(opened().adapter.checkCredential(null, signal)).rejects.toMatchObject({ code: 'provider_protocol', message: expect.not.stringContaining('c4nary') });
});
