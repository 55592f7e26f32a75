import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownerName, type RecordSet } from '@connect/domain';
import { Stage, changeTo, deletion, setOf } from '../../conformance/index.js';
import type { ChangeOutcome, Zone } from '../../spi/index.js';
import { ionosWorld, type IonosWorld } from './ionos-world.fake.js';
import type { FakeRecord, FakeZone } from './ionos-records.fake.js';

/** A website and mail of IONOS in one zone: what is written beside them must not switch them off unasked. */
const signal = new AbortController().signal;
const apex = ownerName('example.com.');
const services: Partial<FakeRecord>[] = [
  { type: 'A', content: '217.160.0.1', service: 'website' }, { type: 'AAAA', content: '2001:8d8:100f:f000:0:0:0:2aa', service: 'website' }, { name: 'www.example.com', type: 'CNAME', content: 'example.com', service: 'website' },
  { type: 'MX', content: 'mx00.ionos.de', prio: 10, service: 'mail' }, { type: 'MX', content: 'mx01.ionos.de', prio: 10, service: 'mail' }, { name: 's1-ionos._domainkey.example.com', type: 'CNAME', content: 's1.dkim.ionos.com', service: 'mail' },
];

let world: IonosWorld;
let stage: Stage;
let held: FakeZone;
let zone: Zone;
beforeEach(async () => {
  world = await ionosWorld({ zones: [{ name: 'example.com', records: services }] });
  stage = new Stage(world);
  held = world.fake.zones[0]!;
  zone = { id: held.id, apex };
});
afterEach(() => world.stop());

const sets = (...wanted: [type: string, values: string[] | null][]): { type: string; set: RecordSet | null }[] => wanted.map(([type, values]) => ({ type, set: values === null ? null : setOf(apex, '', type, values, 3_600) }));

async function write(wanted: { type: string; set: RecordSet | null }[]): Promise<ChangeOutcome[]> {
  const adapter = stage.open();
  const reading = await adapter.getRecordSets(zone, [apex], signal);
  return adapter.applyChanges(zone, wanted.map(({ type, set }) => (set === null ? deletion(reading, apex, type) : changeTo(reading, set))), reading, signal);
}

const off = (): string[] => held.records.filter(({ disabled }) => disabled).map(({ type, name }) => `${type} ${name}`);
const wasSent = (): boolean => world.fake.requests.some(({ method }) => method !== 'GET');

describe('a service of IONOS', () => {
  it('the fake switches it off when an address is added beside it, as they do', async () => {
    await fetch(`${world.fake.origin}/dns/v1/zones/${held.id}/records`, { method: 'POST', headers: { 'x-api-key': world.token, 'content-type': 'application/json' }, body: JSON.stringify([{ name: 'example.com', type: 'A', content: '192.0.2.1' }]) });

    expect(off()).toEqual(['A example.com', 'AAAA example.com', 'CNAME www.example.com']);
  });

  it.each([
    ['an address beside its address', sets(['A', ['217.160.0.1', '192.0.2.1']])],
    ['an address in the place of one of its two', sets(['A', ['192.0.2.1']])],
    ['the second half of that replacement is held back, too', sets(['A', ['217.160.0.1', '192.0.2.1']], ['AAAA', null])],
    ['a mail server beside its mail servers', sets(['MX', ['10 mx00.ionos.de.', '10 mx01.ionos.de.', '20 mail.example.net.']])],
    ['a mail server in the place of one of them', sets(['MX', ['10 mx00.ionos.de.', '10 mail.example.net.']])],
  ])('is not switched off by %s: refused before anything is sent, with what to do', async (_, wanted) => {
    const outcomes = await write(wanted);

    expect(outcomes.map(({ status, code, detail }) => [status, code, detail])).toEqual(wanted.map(() => ['refused', 'record_conflict', expect.stringContaining('end the service')]));
    expect([off(), wasSent()]).toEqual([[], false]);
  });

  it.each([['text', sets(['TXT', ['"v=spf1 include:_spf-eu.ionos.com ~all"']])], ['an issuer', sets(['CAA', ['0 issue "ca.example.net"']])]])('bears %s beside it', async (_, wanted) => {
    expect((await write(wanted)).map(({ status }) => status)).toEqual(['applied']);
    expect(off()).toEqual([]);
  });

  it('bears an address at another name', async () => {
    const adapter = stage.open();
    const reading = await adapter.getRecordSets(zone, 'all', signal);

    const [outcome] = await adapter.applyChanges(zone, [changeTo(reading, setOf(apex, 'shop', 'A', ['192.0.2.1']))], reading, signal);

    expect([outcome?.status, outcome?.detail, off()]).toEqual(['applied', null, []]);
  });

  it('that is replaced whole, which was approved, goes off, and what goes with it is told', async () => {
    const outcomes = await write(sets(['A', ['192.0.2.1']], ['AAAA', null]));

    expect(outcomes.map(({ status, detail }) => [status, detail])).toEqual(outcomes.map(() => ['applied', 'IONOS switched off the service that the record belonged to, and with it CNAME www.example.com']));
    expect([off(), held.records.filter(({ type, disabled }) => type === 'A' && !disabled).map(({ content }) => content)]).toEqual([['CNAME www.example.com'], ['192.0.2.1']]);
  });

  it('what becomes of the look afterwards does not change that it was written', async () => {
    const reads = (): number => world.fake.requests.filter(({ method }) => method === 'GET').length;
    world.fake.fail({ fault: { status: 429, text: '' }, only: ({ method }) => method === 'GET' && reads() > 1 });

    expect((await write(sets(['A', ['192.0.2.1']], ['AAAA', null]))).map(({ status, detail }) => [status, detail])).toEqual([['applied', null], ['applied', null]]);
  });
});
