import assert from 'node:assert/strict';
import { ownerName, recordSetKey, sameRecordSet, sameValues, type Change, type RecordSet } from '@connect/domain';
import { needs, type ConformanceCase } from '../conformance-case.js';
import { recording, type Sent } from '../port-faults.js';
import { changeTo, deletion, differences, find, setOf, withValue, type Stage } from '../stage.js';
import { manySeeds, mixedSeed } from './read-cases.js';

type Opened = Awaited<ReturnType<Stage['zone']>>;

/** Writes, and says what the provider holds before and after. */
async function write(stage: Stage, { held, zone, adapter }: Opened, changes: (reading: Awaited<ReturnType<Stage['read']>>) => Change[]): Promise<{ before: RecordSet[]; after: RecordSet[]; statuses: string[]; codes: (string | null)[] }> {
  const before = await held.readBack();
  const reading = await stage.read(adapter, zone);
  const outcomes = await stage.apply(adapter, zone, changes(reading), reading);
  return { before, after: await held.readBack(), statuses: outcomes.map(({ status }) => status), codes: outcomes.map(({ code }) => code) };
}

/** The change is refused before anything leaves, and the zone is as it was. */
async function sendsNothing(stage: Stage, opened: Opened, make: (reading: Awaited<ReturnType<Stage['read']>>) => Change, codes: readonly string[]): Promise<void> {
  const sent: Sent[] = [];
  const adapter = stage.open({ ports: recording(sent) });
  const before = await opened.held.readBack();
  const reading = await stage.read(adapter, opened.zone);
  const callsBefore = sent.length;
  const [outcome] = await stage.apply(adapter, opened.zone, [make(reading)], reading);
  assert.equal(outcome?.status, 'refused');
  assert.ok(outcome?.code !== null && codes.includes(outcome.code), `refused with ${outcome?.code}`);
  assert.equal(sent.length, callsBefore, 'something was sent');
  assert.deepEqual(differences(before, await opened.held.readBack()), []);
}

export const writeCases: readonly ConformanceCase[] = [
  {
    name: 'creates a record set and nothing else',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const wanted = setOf(opened.held.apex, 'new', 'A', ['192.0.2.50'], 3600);
      const { before, after, statuses } = await write(stage, opened, (reading) => [changeTo(reading, wanted)]);
      assert.deepEqual(statuses, ['applied']);
      assert.deepEqual(differences(before, after), [recordSetKey(wanted)]);
      assert.ok(sameRecordSet(find(after, wanted.ownerName, 'A'), wanted));
    },
  },
  {
    name: 'changes the value of a record set and nothing else',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const wanted = setOf(opened.held.apex, 'www', 'CNAME', ['elsewhere.example.net.']);
      const { before, after, statuses } = await write(stage, opened, (reading) => [changeTo(reading, wanted)]);
      assert.deepEqual(statuses, ['applied']);
      assert.deepEqual(differences(before, after), [recordSetKey(wanted)]);
      assert.deepEqual(find(after, wanted.ownerName, 'CNAME')?.values, wanted.values);
    },
  },
  {
    name: 'deletes a record set and nothing else',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const { before, after, statuses } = await write(stage, opened, (reading) => [deletion(reading, opened.name('shop'), 'AAAA')]);
      assert.deepEqual(statuses, ['applied']);
      assert.deepEqual(differences(before, after), [`${opened.name('shop')} AAAA`]);
    },
  },
  {
    name: 'leaves nothing to do for a second plan',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const wanted = [setOf(opened.held.apex, 'new', 'A', ['192.0.2.50', '192.0.2.51'], 3600), setOf(opened.held.apex, 'new', 'TXT', ['"a" "b"'], 3600)];
      await write(stage, opened, (reading) => wanted.map((set) => changeTo(reading, set)));
      const sent: Sent[] = [];
      const adapter = stage.open({ ports: recording(sent) });
      const reading = await stage.read(adapter, opened.zone);
      const outcomes = await stage.apply(adapter, opened.zone, wanted.map((set) => changeTo(reading, set)), reading);
      assert.deepEqual(outcomes.map(({ status }) => status), ['applied', 'applied']);
      assert.ok(sent.every((call) => !call.write), 'a write was sent for nothing');
    },
  },
  {
    name: 'adding a value leaves the other values of the set',
    area: 'safety',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const { before, after } = await write(stage, opened, (reading) => [changeTo(reading, withValue(find(reading.recordSets, opened.name('shop'), 'TXT')!, '"three"'))]);
      assert.deepEqual(differences(before, after), [`${opened.name('shop')} TXT`]);
      assert.ok(sameValues(find(after, opened.name('shop'), 'TXT')!, setOf(opened.held.apex, 'shop', 'TXT', ['"one"', '"two"', '"three"'])));
    },
  },
  {
    name: 'removing a value leaves the other values of the set',
    area: 'safety',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const { before, after } = await write(stage, opened, (reading) => [changeTo(reading, { ...find(reading.recordSets, opened.name('shop'), 'TXT')!, values: ['"one"'] })]);
      assert.deepEqual(differences(before, after), [`${opened.name('shop')} TXT`]);
      assert.deepEqual(find(after, opened.name('shop'), 'TXT')?.values, ['"one"']);
    },
  },
  {
    name: 'leaves all foreign record sets of a large zone as they are',
    area: 'safety',
    async run(stage) {
      const opened = await stage.zone([...mixedSeed, ...manySeeds(300)]);
      const wanted = [setOf(opened.held.apex, 'new', 'A', ['192.0.2.50']), setOf(opened.held.apex, 'host-7', 'A', ['192.0.2.51'])];
      const { before, after } = await write(stage, opened, (reading) => wanted.map((set) => changeTo(reading, set)));
      assert.deepEqual(differences(before, after).sort(), wanted.map(recordSetKey).sort());
    },
  },
  {
    name: 'leaves unknown types beside its own record as they are',
    area: 'safety',
    leftOut: ({ oddTypes }) => needs(oddTypes.includes('SSHFP'), 'the provider knows no other types'),
    async run(stage) {
      const opened = await stage.zone([{ name: 'host', type: 'SSHFP', value: '4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789' }]);
      const wanted = setOf(opened.held.apex, 'host', 'A', ['192.0.2.50']);
      const { before, after } = await write(stage, opened, (reading) => [changeTo(reading, wanted)]);
      assert.deepEqual(differences(before, after), [recordSetKey(wanted)]);
    },
  },
  {
    name: 'leaves the strings of a foreign TXT value as they were split',
    area: 'safety',
    async run(stage) {
      const opened = await stage.zone([{ name: 'split', type: 'TXT', value: '"first " "second"' }]);
      const { before, after } = await write(stage, opened, (reading) => [changeTo(reading, withValue(find(reading.recordSets, opened.name('split'), 'TXT')!, '"new"'))]);
      // As they were: a provider that knows the text only has joined them itself.
      const [foreign] = find(before, opened.name('split'), 'TXT')!.values;
      assert.ok(foreign !== undefined && find(after, opened.name('split'), 'TXT')?.values.includes(foreign));
    },
  },
  {
    name: 'writes to a set whose data was stored in upper case',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone([{ name: 'Upper', type: 'MX', value: '10 MAIL.Example.NET.' }]);
      const wanted = setOf(opened.held.apex, 'upper', 'MX', ['10 mail.example.net.', '20 backup.example.net.']);
      const { after, statuses } = await write(stage, opened, (reading) => [changeTo(reading, wanted)]);
      assert.deepEqual(statuses, ['applied']);
      assert.ok(sameValues(find(after, wanted.ownerName, 'MX')!, wanted));
    },
  },
  {
    name: 'changes only the TTL where only the TTL changes',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const { before, after, statuses } = await write(stage, opened, (reading) => [changeTo(reading, { ...find(reading.recordSets, opened.name('shop'), 'TXT')!, ttlSeconds: 3600 })]);
      assert.deepEqual(statuses, ['applied']);
      assert.deepEqual(differences(before, after), [`${opened.name('shop')} TXT`]);
      assert.ok(sameRecordSet(find(after, opened.name('shop'), 'TXT'), setOf(opened.held.apex, 'shop', 'TXT', ['"one"', '"two"'], 3600)));
    },
  },
  {
    name: 'keeps a TTL within the provider’s limits',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone();
      const { ttl } = stage.descriptor.capabilities;
      const { after, statuses } = await write(stage, opened, (reading) => [
        changeTo(reading, setOf(opened.held.apex, 'low', 'A', ['192.0.2.1'], 0)),
        changeTo(reading, setOf(opened.held.apex, 'high', 'A', ['192.0.2.1'], 4_000_000_000)),
      ]);
      assert.deepEqual(statuses, ['applied', 'applied']);
      assert.ok(find(after, opened.name('low'), 'A')!.ttlSeconds >= ttl.minSeconds);
      assert.ok(find(after, opened.name('high'), 'A')!.ttlSeconds <= ttl.maxSeconds);
    },
  },
  {
    name: 'puts an address in the place of a CNAME',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const wanted = setOf(opened.held.apex, 'www', 'A', ['192.0.2.50']);
      const { before, after, statuses } = await write(stage, opened, (reading) => [changeTo(reading, wanted), deletion(reading, wanted.ownerName, 'CNAME')]);
      assert.deepEqual(statuses, ['applied', 'applied']);
      assert.deepEqual(differences(before, after).sort(), [`${wanted.ownerName} A`, `${wanted.ownerName} CNAME`].sort());
    },
  },
  {
    name: 'puts a CNAME in the place of addresses and text',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const name = opened.name('shop');
      const wanted = setOf(opened.held.apex, 'shop', 'CNAME', ['target.example.net.']);
      const { after, statuses } = await write(stage, opened, (reading) => [changeTo(reading, wanted), ...['A', 'AAAA', 'TXT'].map((type) => deletion(reading, name, type))]);
      assert.deepEqual(statuses, ['applied', 'applied', 'applied', 'applied']);
      assert.deepEqual(after.filter((set) => set.ownerName === name).map(({ type }) => type), ['CNAME']);
    },
  },
  {
    name: 'refuses a CNAME beside other records and sends nothing',
    area: 'safety',
    run: async (stage) => {
      const opened = await stage.zone(mixedSeed);
      await sendsNothing(stage, opened, (reading) => changeTo(reading, setOf(opened.held.apex, 'shop', 'CNAME', ['target.example.net.'])), ['record_conflict']);
    },
  },
  {
    name: 'refuses other records beside a CNAME and sends nothing',
    area: 'safety',
    run: async (stage) => {
      const opened = await stage.zone(mixedSeed);
      await sendsNothing(stage, opened, (reading) => changeTo(reading, setOf(opened.held.apex, 'www', 'TXT', ['"x"'])), ['record_conflict']);
    },
  },
  {
    name: 'refuses a second CNAME at a name and sends nothing',
    area: 'safety',
    run: async (stage) => {
      const opened = await stage.zone(mixedSeed);
      await sendsNothing(stage, opened, (reading) => changeTo(reading, setOf(opened.held.apex, 'www', 'CNAME', ['a.example.net.', 'b.example.net.'])), ['record_invalid']);
    },
  },
  {
    name: 'refuses NS at the apex and sends nothing',
    area: 'safety',
    run: async (stage) => {
      const opened = await stage.zone(mixedSeed);
      await sendsNothing(stage, opened, (reading) => changeTo(reading, setOf(opened.held.apex, '', 'NS', ['ns.example.net.'])), ['apex_ns_refused']);
      await sendsNothing(stage, opened, (reading) => deletion(reading, opened.held.apex, 'NS'), ['apex_ns_refused']);
    },
  },
  {
    name: 'refuses SOA and sends nothing',
    area: 'safety',
    run: async (stage) => {
      const opened = await stage.zone();
      await sendsNothing(stage, opened, (reading) => changeTo(reading, setOf(opened.held.apex, '', 'SOA', ['ns. host. 1 2 3 4 5'])), ['apex_ns_refused']);
    },
  },
  {
    name: 'refuses a name outside the zone and sends nothing',
    area: 'safety',
    run: async (stage) => {
      const opened = await stage.zone();
      await sendsNothing(stage, opened, (reading) => changeTo(reading, setOf(ownerName(`other-${opened.held.apex}`), 'x', 'A', ['192.0.2.1'])), ['name_out_of_zone']);
    },
  },
  {
    name: 'refuses a type that the provider does not have and sends nothing',
    area: 'write',
    run: async (stage) => {
      const opened = await stage.zone();
      await sendsNothing(stage, opened, (reading) => changeTo(reading, setOf(opened.held.apex, 'x', 'TYPE65280', ['\\# 1 00'])), ['unsupported']);
    },
  },
  {
    name: 'refuses data that is not of its type and sends nothing',
    area: 'write',
    run: async (stage) => {
      const opened = await stage.zone();
      await sendsNothing(stage, opened, (reading) => changeTo(reading, { ...setOf(opened.held.apex, 'x', 'A', []), values: ['not-an-address'] }), ['record_invalid']);
    },
  },
  {
    name: 'a change that cannot be sent does not spoil its neighbours',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const { after, statuses } = await write(stage, opened, (reading) => [
        changeTo(reading, setOf(opened.held.apex, 'one', 'A', ['192.0.2.1'])),
        changeTo(reading, setOf(opened.held.apex, 'www', 'TXT', ['"beside a CNAME"'])),
        changeTo(reading, setOf(opened.held.apex, 'two', 'A', ['192.0.2.2'])),
      ]);
      assert.deepEqual(statuses, ['applied', 'refused', 'applied']);
      assert.ok(find(after, opened.name('one'), 'A') !== null && find(after, opened.name('two'), 'A') !== null);
    },
  },
  {
    name: 'writes more changes than one call may carry',
    area: 'write',
    async run(stage) {
      const opened = await stage.zone(mixedSeed);
      const wanted = Array.from({ length: Math.min(stage.descriptor.maxChangesPerWrite, 100) + 5 }, (_, at) => setOf(opened.held.apex, `bulk-${at}`, 'A', [`198.51.100.${at + 1}`]));
      const { before, after, statuses } = await write(stage, opened, (reading) => wanted.map((set) => changeTo(reading, set)));
      assert.ok(statuses.every((status) => status === 'applied'));
      assert.deepEqual(differences(before, after).sort(), wanted.map(recordSetKey).sort());
    },
  },
  {
    name: 'repeating a write changes nothing more',
    area: 'safety',
    async run(stage) {
      const { held, zone, adapter } = await stage.zone(mixedSeed);
      const reading = await stage.read(adapter, zone);
      const changes = [changeTo(reading, setOf(held.apex, 'new', 'TXT', ['"x"'])), changeTo(reading, { ...find(reading.recordSets, setOf(held.apex, 'shop', 'TXT', []).ownerName, 'TXT')!, values: ['"one"'] })];
      await stage.apply(adapter, zone, changes, reading);
      const once = await held.readBack();
      await stage.apply(adapter, zone, changes, reading);
      assert.deepEqual(differences(once, await held.readBack()), []);
    },
  },
];
