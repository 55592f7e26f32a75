import assert from 'node:assert/strict';
import { ProviderError, ownerName } from '@connect/domain';
import { needs, type ConformanceCase } from '../conformance-case.js';
import { differences, find, nameIn, type Seed } from '../stage.js';

/** One zone with a little of everything. */
export const mixedSeed: readonly Seed[] = [
  { name: '', type: 'A', value: '192.0.2.1' },
  { name: '', type: 'MX', value: '10 mail.example.net.' },
  { name: '', type: 'TXT', value: '"v=spf1 -all"' },
  { name: '', type: 'CAA', value: '0 issue "ca.example.net"' },
  { name: 'www', type: 'CNAME', value: 'target.example.net.' },
  { name: 'shop', type: 'A', value: '192.0.2.7' },
  { name: 'shop', type: 'AAAA', value: '2001:db8::7' },
  { name: 'shop', type: 'TXT', value: '"one"' },
  { name: 'shop', type: 'TXT', value: '"two"' },
  { name: '*.wild', type: 'A', value: '192.0.2.9' },
  { name: '_sip._tcp', type: 'SRV', value: '10 20 5060 sip.example.net.' },
];

export function manySeeds(count: number): Seed[] {
  return Array.from({ length: count }, (_, at) => ({ name: `host-${at + 1}`, type: 'A', value: `198.51.${Math.floor(at / 250)}.${(at % 250) + 1}` }));
}

async function readsWhole(stage: Parameters<ConformanceCase['run']>[0], seed: readonly Seed[]): Promise<void> {
  const { held, zone, adapter } = await stage.zone(seed);
  const reading = await stage.read(adapter, zone);
  assert.deepEqual(differences(reading.recordSets.filter(({ type }) => type !== 'SOA'), await held.readBack()), []);
  assert.ok(reading.recordSets.length >= new Set(seed.filter(({ type }) => stage.knows(type)).map(({ name, type }) => `${name} ${type}`)).size);
}

export const readCases: readonly ConformanceCase[] = [
  { name: 'reads every record set of a zone', area: 'read', run: (stage) => readsWhole(stage, mixedSeed) },
  { name: 'reads a zone of one record set more than a hundred', area: 'read', run: (stage) => readsWhole(stage, manySeeds(101)) },
  { name: 'reads a zone of 1,000 record sets whole', area: 'read', run: (stage) => readsWhole(stage, manySeeds(1_000)) },
  { name: 'reads a zone without records of its own', area: 'read', run: (stage) => readsWhole(stage, []) },
  {
    name: 'keeps types that it does not know',
    area: 'read',
    leftOut: ({ oddTypes }) => needs(oddTypes.length > 0, 'the provider knows no other types'),
    async run(stage) {
      const values = { TLSA: '3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', SSHFP: '4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789', LOC: '52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000.00m 10.00m', NAPTR: '100 50 "s" "http" "" _http._tcp.example.net.' };
      await readsWhole(stage, stage.world.oddTypes.map((type) => ({ name: 'odd', type, value: values[type] })));
    },
  },
  {
    name: 'gives names absolute, in lower case, with a final dot',
    area: 'read',
    async run(stage) {
      const { zone, adapter, held } = await stage.zone([{ name: 'MiXeD', type: 'A', value: '192.0.2.1' }, { name: 'alias', type: 'CNAME', value: 'Target.Example.NET.' }]);
      const { recordSets } = await stage.read(adapter, zone);
      assert.ok(find(recordSets, nameIn(held.apex, 'mixed'), 'A'));
      assert.deepEqual(find(recordSets, nameIn(held.apex, 'alias'), 'CNAME')?.values, ['target.example.net.']);
    },
  },
  {
    name: 'gives the apex, wildcards, underscore names and IDN names in the house’s form',
    area: 'read',
    async run(stage) {
      const { zone, adapter, held } = await stage.zone([...mixedSeed, { name: 'xn--bcher-kva', type: 'A', value: '192.0.2.11' }, { name: '_dmarc', type: 'TXT', value: '"v=DMARC1"' }]);
      const { recordSets } = await stage.read(adapter, zone);
      for (const [name, type] of [['', 'A'], ['*.wild', 'A'], ['_sip._tcp', 'SRV'], ['_dmarc', 'TXT'], ['xn--bcher-kva', 'A']] as const) assert.ok(!stage.knows(type) || find(recordSets, nameIn(held.apex, name), type), `${name} ${type}`);
    },
  },
  {
    name: 'reads only the names it is asked for',
    area: 'read',
    async run(stage) {
      const { zone, adapter, name } = await stage.zone(mixedSeed);
      const reading = await stage.read(adapter, zone, [name('shop'), name('www')]);
      assert.deepEqual(reading.recordSets.map(({ ownerName: owner, type }) => `${owner} ${type}`).sort(), [`${name('shop')} A`, `${name('shop')} AAAA`, `${name('shop')} TXT`, `${name('www')} CNAME`].sort());
      assert.deepEqual([...reading.names].sort(), [name('shop'), name('www')].sort());
    },
  },
  {
    name: 'covers a name without records, also below a wildcard',
    area: 'read',
    async run(stage) {
      const { zone, adapter, name } = await stage.zone(mixedSeed);
      const reading = await stage.read(adapter, zone, [name('nothing'), name('below.wild')]);
      assert.deepEqual(reading.recordSets, []);
      assert.equal(reading.names.length, 2);
    },
  },
  {
    name: 'reads the TTL of each set',
    area: 'read',
    async run(stage) {
      const { zone, adapter, name } = await stage.zone([{ name: 'a', type: 'A', ttlSeconds: 600, value: '192.0.2.1' }, { name: 'b', type: 'A', ttlSeconds: 7200, value: '192.0.2.1' }]);
      const { recordSets } = await stage.read(adapter, zone);
      assert.deepEqual([find(recordSets, name('a'), 'A')?.ttlSeconds, find(recordSets, name('b'), 'A')?.ttlSeconds], [600, 7200]);
    },
  },
  {
    name: 'counts the record sets of the zone, or says that it cannot',
    area: 'read',
    async run(stage) {
      const { zone, adapter } = await stage.zone(mixedSeed);
      const reading = await stage.read(adapter, zone);
      assert.ok(reading.recordSetCount === null || reading.recordSetCount === reading.recordSets.length);
    },
  },
  {
    name: 'finds the zone of a hostname deep below it',
    area: 'read',
    async run(stage) {
      const { zone, adapter, held } = await stage.zone();
      assert.deepEqual(await adapter.findZone({ hostname: nameIn(held.apex, 'a.b.c'), apex: held.apex, zone: null }, stage.signal), zone);
    },
  },
  {
    name: 'finds the zone of a wildcard',
    area: 'read',
    async run(stage) {
      const { zone, adapter, held } = await stage.zone();
      assert.deepEqual(await adapter.findZone({ hostname: nameIn(held.apex, '*'), apex: held.apex, zone: null }, stage.signal), zone);
    },
  },
  {
    name: 'finds the zone that the caller named',
    area: 'read',
    async run(stage) {
      const { zone, adapter, held } = await stage.zone();
      assert.deepEqual(await adapter.findZone({ hostname: nameIn(held.apex, 'www'), apex: held.apex, zone: zone.id }, stage.signal), zone);
    },
  },
  {
    name: 'answers zone_not_found for a zone that the account does not have',
    area: 'read',
    async run(stage) {
      const name = ownerName('somebody-elses-zone.example.');
      await assert.rejects(stage.open().findZone({ hostname: ownerName(`www.${name}`), apex: name, zone: null }, stage.signal), (error) => error instanceof ProviderError && error.code === 'zone_not_found');
    },
  },
  {
    name: 'does not take a zone whose name only ends alike',
    area: 'read',
    async run(stage) {
      const { held, adapter } = await stage.zone();
      const other = ownerName(`not-${held.apex}`);
      await assert.rejects(adapter.findZone({ hostname: ownerName(`www.${other}`), apex: other, zone: null }, stage.signal), (error) => error instanceof ProviderError && error.code === 'zone_not_found');
    },
  },
];
