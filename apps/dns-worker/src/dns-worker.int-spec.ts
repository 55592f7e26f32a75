import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changesApplied, checkCredential, connectionRemoved, credentialChecked, planMade, previewPlan, recordSetToWire, undoReceipt, workRefused } from '@connect/contracts';
import { newId, ownerName, recordValue, txtValue, type RecordSet } from '@connect/domain';
import { eventually } from '@connect/testing';
import { descriptorOf } from './fake-provider.fake.js';
import { target, WorkerWorld } from './worker-world.fake.js';

let world: WorkerWorld;
let count = 0;
let apex: string;
const set = (name: string, type: string, ...values: string[]): RecordSet => ({
  ownerName: ownerName(name === '@' ? apex : `${name}.${apex}`), type, ttlSeconds: 300, values: values.map((value) => (type === 'TXT' ? txtValue(value) : recordValue(type, value))),
});

beforeAll(async () => {
  world = await WorkerWorld.open();
  await world.startWorker();
});
afterAll(() => world?.close());
beforeEach(() => {
  apex = `zone${++count}.example.`;
  world.dns.calls.length = 0;
  world.dns.descriptor = descriptorOf({});
});

describe('a connection in a zone that has room for it', () => {
  it('is planned, written, read back and told, and the neighbours stay', async () => {
    const www = set('www', 'A', '192.0.2.1');
    world.dns.zone(apex, www);
    const customer = world.customer(`shop.${apex}`);

    await world.apply(customer, 1, [set('shop', 'CNAME', 'edge.saas.example.')]);
    const { receipt } = await world.fact(changesApplied, customer, 1);

    expect(world.dns.sets(apex)).toEqual([set('shop', 'CNAME', 'edge.saas.example.'), www]);
    expect(receipt).toMatchObject({ kind: 'apply', outcomes: [{ owner_name: `shop.${apex}`, action: 'create', added: ['edge.saas.example.'], status: 'applied' }] });
    expect(world.factsOf(customer).map(({ type }) => type)).toEqual(['evt.dns.plan-made', 'evt.dns.changes-applied']);
    expect(world.dns.calls.map(({ call }) => call)).toEqual(['find', 'read', 'write', 'read']);
    expect(world.leases.filter(({ connections }) => connections.includes(customer.connectionId)).map(({ purpose, zone }) => [purpose, zone])).toEqual([['find_zone', null], ['write', apex]]);
  });
});
