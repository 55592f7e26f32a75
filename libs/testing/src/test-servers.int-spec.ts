import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { testBus, testDatabase, type TestBus, type TestDatabase } from './index.js';

let databases: TestDatabase[];
let bus: TestBus;

beforeAll(async () => {
  databases = await Promise.all([testDatabase(), testDatabase()]);
  bus = await testBus({ config: 'authorization { users: [ { user: "tester", password: "right" } ] }' });
});
afterAll(async () => {
  await bus?.stop();
  await Promise.all(databases?.map((database) => database.drop()) ?? []);
});

describe('servers for tests', () => {
  it('gives each file an empty database of its own on one server', async () => {
    const [mine, other] = databases as [TestDatabase, TestDatabase];
    await mine.query('CREATE TABLE only_here (id int)');

    const seen = await Promise.all([mine, other].map((database) => database.query<{ found: string | null }>("SELECT to_regclass('only_here')::text AS found")));

    expect(seen).toEqual([[{ found: 'only_here' }], [{ found: null }]]);
    expect(mine.adminUrl).toBe(other.adminUrl);
  });

  it('gives a bus with JetStream that knows the users it was given', async () => {
    const connection = await bus.connect({ user: 'tester', pass: 'right' });
    await (await jetstreamManager(connection)).streams.add({ name: 'T', subjects: ['t.>'] });

    const stored = await jetstream(connection).publish('t.one', 'x');

    expect(stored).toMatchObject({ stream: 'T', seq: 1 });
    await expect(bus.connect({ user: 'tester', pass: 'wrong', reconnect: false })).rejects.toThrow(/authorization/i);
  });
});
