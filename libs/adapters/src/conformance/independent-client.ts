import assert from 'node:assert/strict';
import { displayName, groupRecords, ownerName, recordValue, type OwnerName, type RecordSet } from '@connect/domain';
import type { ProviderAdapter, Zone, ZoneReading } from '../spi/index.js';
import { testRunner } from './describe-provider.js';
import { Stage, changeTo, deletion, differences, find, nameIn, setOf, type Seed, type World } from './stage.js';

/** A zone as a client that nobody here wrote sees it: that it gets along with the fake shows that the fake speaks the protocol. */
export type IndependentClient = {
  /** Every record of the zone but SOA; `name` relative, '' at the apex. */
  list(): Promise<Seed[]>;
  create(record: Seed): Promise<void>;
  /** The only record of this name and type gets this value. */
  update(record: Seed): Promise<void>;
  delete(record: Seed): Promise<void>;
  /** Types that the client itself creates wrongly, whatever the server does. */
  cannotCreate?: readonly string[];
};

type Opened = { stage: Stage; adapter: ProviderAdapter; zone: Zone; client: IndependentClient };

const ttlSeconds = 3600;
const samples: readonly Seed[] = [
  { name: '', type: 'A', value: '192.0.2.1', ttlSeconds },
  { name: 'www', type: 'CNAME', value: 'target.example.net.', ttlSeconds },
  { name: 'shop', type: 'AAAA', value: '2001:db8::7', ttlSeconds },
  { name: 'mail', type: 'MX', value: '10 mail.example.net.', ttlSeconds },
  { name: 'key._domainkey', type: 'TXT', value: '"v=DKIM1; k=rsa; p=MIGfMA0G"', ttlSeconds },
  { name: '_sip._tcp', type: 'SRV', value: '10 20 5060 sip.example.net.', ttlSeconds },
  { name: 'issuers', type: 'CAA', value: '0 issue "ca.example.net"', ttlSeconds },
];
const mail: Seed = { name: 'mail', type: 'MX', value: '10 mail.example.net.', ttlSeconds };
const text: Seed = { name: 'text', type: 'TXT', value: '"some words"', ttlSeconds };
const manyAddresses: readonly Seed[] = Array.from({ length: 130 }, (_, at) => ({ name: `n${at}`, type: 'A', value: '192.0.2.1', ttlSeconds }));

export type ConnectClient<Of extends World> = (world: Of, zone: Zone, token: string) => IndependentClient | Promise<IndependentClient>;

/**
 * Our adapter and the client at one zone of the world: what the one writes the other sees, in both directions. `refusals` are the client's own errors
 * (class, message and body) for a token that is not accepted and for a CNAME beside another record: it has to understand the body, too.
 */
export function describeIndependentClient<Of extends World>(name: string, makeWorld: () => Promise<Of>, connect: ConnectClient<Of>, refusals: { token: RegExp; conflict: RegExp }): void {
  const { describe, it, beforeAll, afterAll } = testRunner();
  describe(`${name} beside our adapter`, () => {
    let world: Of | undefined;
    beforeAll(async () => { world = await makeWorld(); }, 120_000);
    afterAll(async () => world?.stop());

    async function open(seed: readonly Seed[] = []): Promise<Opened> {
      assert.ok(world, 'the world did not start');
      const stage = new Stage(world);
      const { adapter, zone } = await stage.zone(seed);
      return { stage, adapter, zone, client: await connect(world, zone, world.token) };
    }

    it('lists what our adapter wrote', async () => {
      const opened = await open();
      const reading = await read(opened);
      const known = samples.filter(({ type }) => opened.stage.knows(type));

      await applied(opened, reading, known.map((each) => changeTo(reading, setOf(opened.zone.apex, each.name, each.type, [each.value], ttlSeconds))));

      const seen = recordSetsOf(await opened.client.list(), opened.zone.apex);
      for (const each of known) assert.ok(find(seen, nameIn(opened.zone.apex, each.name), each.type), `no ${each.type}`);
      await seesTheSame(opened);
    });

    it('creates what our adapter reads', async () => {
      const opened = await open();
      const known = samples.filter(({ type }) => opened.stage.knows(type) && opened.client.cannotCreate?.includes(type) !== true);

      for (const each of known) await opened.client.create(each);

      const { recordSets } = await read(opened);
      for (const each of known) assert.deepEqual(find(recordSets, nameIn(opened.zone.apex, each.name), each.type)?.values, [recordValue(each.type, each.value)]);
      await seesTheSame(opened);
    });

    it('changes what our adapter wrote, and the other way round', async () => {
      const opened = await open();
      const reading = await read(opened);
      await applied(opened, reading, [mail, text].map((each) => changeTo(reading, setOf(opened.zone.apex, each.name, each.type, [each.value], ttlSeconds))));

      await opened.client.update({ ...mail, value: '20 other.example.net.' });
      await opened.client.update({ ...text, value: '"other words"' });

      const between = await read(opened);
      assert.deepEqual(find(between.recordSets, nameIn(opened.zone.apex, 'mail'), 'MX')?.values, ['20 other.example.net.']);
      assert.deepEqual(find(between.recordSets, nameIn(opened.zone.apex, 'text'), 'TXT')?.values, ['"other words"']);
      await applied(opened, between, [changeTo(between, setOf(opened.zone.apex, 'text', 'TXT', ['"third words"'], ttlSeconds))]);
      assert.deepEqual(find(recordSetsOf(await opened.client.list(), opened.zone.apex), nameIn(opened.zone.apex, 'text'), 'TXT')?.values, ['"third words"']);
      await seesTheSame(opened);
    });

    it('deletes what our adapter wrote, and the other way round', async () => {
      const opened = await open();
      await opened.client.create(mail);
      const reading = await read(opened);
      await applied(opened, reading, [changeTo(reading, setOf(opened.zone.apex, 'text', 'TXT', [text.value], ttlSeconds)), deletion(reading, nameIn(opened.zone.apex, 'mail'), 'MX')]);

      await opened.client.delete(text);

      const { recordSets } = await read(opened);
      assert.equal(find(recordSets, nameIn(opened.zone.apex, 'text'), 'TXT'), null);
      assert.ok((await opened.client.list()).every(({ type }) => type !== 'MX' && type !== 'TXT'));
      await seesTheSame(opened);
    });

    it('understands a refusal', async () => {
      const { client, zone, stage } = await open([{ name: 'www', type: 'A', value: '192.0.2.1', ttlSeconds }]);

      await assert.rejects(client.create({ name: 'www', type: 'CNAME', value: 'target.example.net.', ttlSeconds }), saying(refusals.conflict));
      await assert.rejects(async () => (await connect(stage.world as Of, zone, stage.world.wrongToken)).list(), saying(refusals.token));
    });

    it('sees every page', async () => {
      const opened = await open(manyAddresses);

      assert.equal((await opened.client.list()).filter(({ type }) => type === 'A').length, manyAddresses.length);
      await seesTheSame(opened);
    });
  });
}

/** Clients keep the body that they read in `data`, or with the answer. */
function saying(pattern: RegExp): (error: Error & { data?: unknown; response?: { data?: unknown } }) => true {
  return (error) => {
    assert.match(`${error.constructor.name}: ${error.message} ${JSON.stringify(error.data ?? error.response?.data ?? '')}`, pattern);
    return true;
  };
}

function read({ stage, adapter, zone }: Opened): Promise<ZoneReading> {
  return stage.read(adapter, zone);
}

async function applied({ stage, adapter, zone }: Opened, reading: ZoneReading, changes: Parameters<ProviderAdapter['applyChanges']>[1]): Promise<void> {
  const outcomes = await stage.apply(adapter, zone, changes, reading);
  assert.deepEqual(outcomes.map(({ status, detail }) => ({ status, detail })), changes.map(() => ({ status: 'applied', detail: null })));
}

async function seesTheSame(opened: Opened): Promise<void> {
  const theirs = recordSetsOf(await opened.client.list(), opened.zone.apex);
  const ours = (await read(opened)).recordSets.filter(({ type }) => type !== 'SOA');
  assert.deepEqual(differences(theirs, ours), []);
}

function recordSetsOf(seeds: readonly Seed[], apex: OwnerName): RecordSet[] {
  return groupRecords(seeds.map(({ name, type, value, ttlSeconds: ttl = ttlSeconds }) => ({ ownerName: nameIn(apex, name), type, ttlSeconds: ttl, value: recordValue(type, value) })));
}

/** A name that a client gives in full, with or without its final dot, relative to the zone. */
export function relativeTo(apex: OwnerName, full: string): string {
  const name = displayName(ownerName(full));
  return name === displayName(apex) ? '' : name.slice(0, -displayName(apex).length - 1);
}
