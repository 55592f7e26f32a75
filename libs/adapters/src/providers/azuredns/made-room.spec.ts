import { afterEach, describe, expect, it } from '@jest/globals';
import { ownerName, type Change } from '@connect/domain';
import { Stage, changeTo, deletion, setOf, type FakeFault, type FakeRequest } from '../../conformance/index.js';
import type { ChangeOutcome } from '../../spi/index.js';
import { failed } from './azuredns.fake.js';
import { azurednsWorld, type AzurednsWorld } from './azuredns-world.fake.js';
import type { HeldZone, SetSeed } from './azuredns-zone.fake.js';

const apex = ownerName('example.com.');
const www = ownerName('www.example.com.');
const zone = { id: 'example.com', apex };
const signal = new AbortController().signal;
const cname: SetSeed = { name: 'www', type: 'CNAME', ttl: 600, metadata: { owner: 'web team' }, records: [{ cname: 'Old.example.net' }] };
const address: SetSeed = { name: 'www', type: 'A', ttl: 600, metadata: { owner: 'web team' }, records: [{ ipv4Address: '192.0.2.1' }] };
const text: SetSeed = { name: 'www', type: 'TXT', ttl: 600, records: [{ value: ['x'] }] };
let world: AzurednsWorld;

afterEach(() => world.stop());

/** What stands at www gives way to these sets, with faults in the order in which the calls are made. */
async function replace(present: readonly SetSeed[], sets: readonly [string, string][], faults: readonly { fault: FakeFault; only(request: FakeRequest): boolean }[] = []): Promise<{ outcomes: ChangeOutcome[]; held: HeldZone; types: string[]; calls: string[] }> {
  world = await azurednsWorld({ faults });
  const held = world.fake.addZone({ name: 'example.com', sets: present });
  const adapter = new Stage(world).open();
  const reading = await adapter.getRecordSets(zone, 'all', signal);
  const changes: Change[] = [...sets.map(([type, value]) => changeTo(reading, setOf(apex, 'www', type, [value]))), ...present.map(({ type }) => deletion(reading, www, type))];
  const outcomes = await adapter.applyChanges(zone, changes, reading, signal);
  const types = [...held.sets.values()].filter(({ name }) => name === 'www').map(({ type }) => type).sort();
  const calls = world.fake.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/token')).map(({ method, path }) => `${method} ${path.split('/').at(-2)}`);
  return { outcomes, held, types, calls };
}

const to = (method: string, type: string) => ({ only: (request: FakeRequest) => request.method === method && request.path.includes(`/${type}/`) });
const refusal = failed({ status: 400, code: 'BadRequest', message: 'no' }, true);
const statuses = (outcomes: readonly ChangeOutcome[]): unknown[] => outcomes.map(({ status, code }) => [status, code]);

describe('a CNAME and others at one name', () => {
  it('take each other’s place in two calls', async () => {
    const there = await replace([cname], [['A', '192.0.2.50'], ['TXT', '"ours"']]);
    await world.stop();
    const back = await replace([address, text], [['CNAME', 'target.example.net.']]);

    expect([there.calls, there.types]).toEqual([['DELETE CNAME', 'PUT A', 'PUT TXT'], ['A', 'TXT']]);
    expect([back.calls, back.types]).toEqual([['DELETE A', 'DELETE TXT', 'PUT CNAME'], ['CNAME']]);
    expect([...there.outcomes, ...back.outcomes].every(({ status }) => status === 'applied')).toBe(true);
  });

  it('that is refused: what was deleted is put back as it was, and nothing counts as written', async () => {
    const { outcomes, held, types, calls } = await replace([cname], [['A', '192.0.2.50']], [{ fault: refusal, ...to('PUT', 'A') }]);

    expect(statuses(outcomes)).toEqual([['refused', 'record_invalid'], ['refused', 'record_invalid']]);
    expect(outcomes[1]!.detail).toContain('put back');
    expect(calls).toEqual(['DELETE CNAME', 'PUT A', 'PUT CNAME']);
    expect([types, held.find('www', 'CNAME')]).toMatchObject([['CNAME'], { ttl: 600, metadata: { owner: 'web team' }, records: [{ cname: 'Old.example.net' }] }]);
  });

  it('that is refused: several sets come back', async () => {
    const { outcomes, types, held } = await replace([address, text], [['CNAME', 'target.example.net.']], [{ fault: refusal, ...to('PUT', 'CNAME') }]);

    expect(statuses(outcomes)).toEqual([['refused', 'record_invalid'], ['refused', 'record_invalid'], ['refused', 'record_invalid']]);
    expect([types, held.find('www', 'A')?.metadata]).toEqual([['A', 'TXT'], { owner: 'web team' }]);
  });

  it('of which one is there already: nothing is put back beside it', async () => {
    const { outcomes, types, calls } = await replace([cname], [['A', '192.0.2.50'], ['TXT', '"ours"']], [{ fault: refusal, ...to('PUT', 'TXT') }]);

    expect(statuses(outcomes)).toEqual([['applied', null], ['refused', 'record_invalid'], ['applied', null]]);
    expect([types, calls.at(-1)]).toEqual([['A'], 'PUT TXT']);
  });

  it('whose answer is lost: nothing is put back, a look comes first', async () => {
    const { outcomes, types } = await replace([cname], [['A', '192.0.2.50']], [{ fault: 'lost', ...to('PUT', 'A') }]);

    expect(statuses(outcomes)).toEqual([['unknown', 'outcome_unknown'], ['applied', null]]);
    expect(types).toEqual(['A']);
  });

  it('that cannot be put back: the delete has happened', async () => {
    const { outcomes, types } = await replace([cname], [['A', '192.0.2.50']], [{ fault: refusal, ...to('PUT', 'A') }, { fault: refusal, ...to('PUT', 'CNAME') }]);

    expect([statuses(outcomes), types]).toEqual([[['refused', 'record_invalid'], ['applied', null]], []]);
  });

  it('of which nobody knows whether it is back: the delete is unknown', async () => {
    const { outcomes, types } = await replace([cname], [['A', '192.0.2.50']], [{ fault: refusal, ...to('PUT', 'A') }, { fault: 'lost', ...to('PUT', 'CNAME') }]);

    expect([statuses(outcomes), types]).toEqual([[['refused', 'record_invalid'], ['unknown', 'outcome_unknown']], ['CNAME']]);
  });

  it('an ordinary delete beside a refused set is not undone', async () => {
    const { outcomes, types } = await replace([text], [['A', '192.0.2.50']], [{ fault: refusal, ...to('PUT', 'A') }]);

    expect([statuses(outcomes), types]).toEqual([[['refused', 'record_invalid'], ['applied', null]], []]);
  });
});
