import assert from 'node:assert/strict';
import type { Change, RecordSet } from '@connect/domain';
import { needs, type ConformanceCase } from '../conformance-case.js';
import { beforeEachWrite, movedClock, recording, type Sent } from '../port-faults.js';
import { changeTo, differences, find, setOf, withValue, type Stage } from '../stage.js';
import { mixedSeed } from './read-cases.js';

type Opened = Awaited<ReturnType<Stage['zone']>>;

const casOnly: NonNullable<ConformanceCase['leftOut']> = ({ descriptor }) => needs(descriptor.writeGuard === 'compare_and_swap', 'the API has no compare-and-swap: the base looks again before it writes');

/** Reads, lets somebody else act, and only then writes; the reading is no longer fresh. */
async function overtaken(stage: Stage, others: (opened: Opened) => Promise<void>, make: (reading: Awaited<ReturnType<Stage['read']>>, opened: Opened) => Change[]): Promise<{ statuses: string[]; codes: (string | null)[]; opened: Opened; between: RecordSet[] }> {
  let aheadMs = 0;
  const opened = await stage.zone(mixedSeed);
  const adapter = stage.open({ ports: movedClock(() => aheadMs) });
  const reading = await stage.read(adapter, opened.zone);
  await others(opened);
  aheadMs = 60_000;
  const between = await opened.held.readBack();
  const outcomes = await stage.apply(adapter, opened.zone, make(reading, opened), reading);
  return { statuses: outcomes.map(({ status }) => status), codes: outcomes.map(({ code }) => code), opened, between };
}

export const raceCases: readonly ConformanceCase[] = [
  {
    name: 'refuses a change whose set was changed by somebody else since',
    area: 'safety',
    async run(stage) {
      const { statuses, codes, opened, between } = await overtaken(
        stage,
        ({ held }) => held.edit({ add: [{ name: 'shop', type: 'TXT', value: '"foreign"' }] }),
        (reading) => [changeTo(reading, withValue(reading.recordSets.find((set) => set.type === 'TXT' && set.ownerName.startsWith('shop.'))!, '"ours"'))],
      );
      assert.deepEqual([statuses, codes], [['refused'], ['zone_changed']]);
      assert.deepEqual(differences(between, await opened.held.readBack()), []);
    },
  },
  {
    name: 'refuses to create a set that somebody else has created since',
    area: 'safety',
    async run(stage) {
      const { statuses, codes, opened, between } = await overtaken(
        stage,
        ({ held }) => held.edit({ add: [{ name: 'new', type: 'A', value: '192.0.2.200' }] }),
        (reading, { held }) => [changeTo(reading, setOf(held.apex, 'new', 'A', ['192.0.2.50']))],
      );
      assert.deepEqual([statuses, codes], [['refused'], ['zone_changed']]);
      assert.deepEqual(differences(between, await opened.held.readBack()), []);
    },
  },
  {
    name: 'refuses to delete a set that has got a foreign value since',
    area: 'safety',
    async run(stage) {
      const { statuses, opened, between } = await overtaken(
        stage,
        ({ held }) => held.edit({ add: [{ name: 'shop', type: 'TXT', value: '"foreign"' }] }),
        (reading) => {
          const set = reading.recordSets.find((each) => each.type === 'TXT' && each.ownerName.startsWith('shop.'))!;
          return [{ ownerName: set.ownerName, type: 'TXT', before: set, after: null }];
        },
      );
      assert.deepEqual(statuses, ['refused']);
      assert.deepEqual(differences(between, await opened.held.readBack()), []);
    },
  },
  {
    name: 'a change elsewhere in the zone does not stand in the way',
    area: 'write',
    async run(stage) {
      const { statuses, opened } = await overtaken(
        stage,
        ({ held }) => held.edit({ add: [{ name: 'elsewhere', type: 'A', value: '192.0.2.200' }] }),
        (reading) => [changeTo(reading, { ...reading.recordSets.find((set) => set.type === 'A' && set.ownerName.startsWith('shop.'))!, values: ['192.0.2.50'] })],
      );
      assert.deepEqual(statuses, ['applied']);
      const after = await opened.held.readBack();
      assert.deepEqual([find(after, opened.name('elsewhere'), 'A')?.values, find(after, opened.name('shop'), 'A')?.values], [['192.0.2.200'], ['192.0.2.50']]);
    },
  },
  {
    name: 'a value that appears just before the write survives',
    area: 'safety',
    leftOut: casOnly,
    async run(stage) {
      const { held, zone, name } = await stage.zone(mixedSeed);
      const adapter = stage.open({ ports: beforeEachWrite(() => held.edit({ add: [{ name: 'shop', type: 'TXT', value: '"foreign"' }] })) });
      const reading = await stage.read(adapter, zone);
      const [outcome] = await stage.apply(adapter, zone, [changeTo(reading, withValue(find(reading.recordSets, name('shop'), 'TXT')!, '"ours"'))], reading);
      assert.equal(outcome?.code, 'zone_changed');
      assert.deepEqual(find(await held.readBack(), name('shop'), 'TXT')?.values.toSorted(), ['"foreign"', '"one"', '"two"']);
    },
  },
  {
    name: 'a write of two sets of which one moved changes neither',
    area: 'safety',
    leftOut: ({ descriptor }) => needs(descriptor.writeGuard === 'compare_and_swap' && descriptor.atomicWrite, 'a call is not all or nothing under compare-and-swap'),
    async run(stage) {
      const { held, zone, name } = await stage.zone(mixedSeed);
      const adapter = stage.open({ ports: beforeEachWrite(() => held.edit({ add: [{ name: 'shop', type: 'TXT', value: '"foreign"' }] })) });
      const reading = await stage.read(adapter, zone);
      const outcomes = await stage.apply(adapter, zone, [changeTo(reading, setOf(held.apex, 'new', 'A', ['192.0.2.50'])), changeTo(reading, withValue(find(reading.recordSets, name('shop'), 'TXT')!, '"ours"'))], reading);
      assert.deepEqual(outcomes.map(({ status }) => status), ['refused', 'refused']);
      assert.equal(find(await held.readBack(), name('new'), 'A'), null);
    },
  },
  {
    name: 'of two writers on one set none overwrites the other',
    area: 'safety',
    async run(stage) {
      let aheadMs = 0;
      const { held, zone, name } = await stage.zone(mixedSeed);
      const writers = ['"first"', '"second"'].map((value) => ({ value, adapter: stage.open({ ports: movedClock(() => aheadMs) }) }));
      const readings = await Promise.all(writers.map(({ adapter }) => stage.read(adapter, zone)));
      aheadMs = 60_000;
      const statuses: string[] = [];
      for (const [at, { value, adapter }] of writers.entries()) {
        const reading = readings[at]!;
        const [outcome] = await stage.apply(adapter, zone, [changeTo(reading, withValue(find(reading.recordSets, name('shop'), 'TXT')!, value))], reading);
        statuses.push(outcome!.status);
      }
      assert.deepEqual(statuses, ['applied', 'refused']);
      assert.deepEqual(find(await held.readBack(), name('shop'), 'TXT')?.values.toSorted(), ['"first"', '"one"', '"two"']);
    },
  },
  {
    name: 'refuses a change that was not computed from the reading and sends nothing',
    area: 'safety',
    async run(stage) {
      const sent: Sent[] = [];
      const { held, zone, name } = await stage.zone(mixedSeed);
      const adapter = stage.open({ ports: recording(sent) });
      const reading = await stage.read(adapter, zone);
      const change: Change = { ownerName: name('shop'), type: 'TXT', before: setOf(held.apex, 'shop', 'TXT', ['"one"']), after: setOf(held.apex, 'shop', 'TXT', ['"ours"']) };
      const [outcome] = await stage.apply(adapter, zone, [change], reading);
      assert.equal(outcome?.code, 'zone_changed');
      assert.ok(sent.every((call) => !call.write));
    },
  },
  {
    name: 'refuses a change at a name that was not read',
    area: 'safety',
    async run(stage) {
      const { held, zone, adapter, name } = await stage.zone(mixedSeed);
      const reading = await stage.read(adapter, zone, [name('www')]);
      const [outcome] = await stage.apply(adapter, zone, [changeTo(reading, setOf(held.apex, 'new', 'A', ['192.0.2.50']))], reading);
      assert.equal(outcome?.code, 'zone_changed');
    },
  },
];
