import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newUuid, systemClock } from '@connect/domain';
import { createLogger } from '@connect/observability';
import { sql } from '@connect/storage';
import { eventually } from '@connect/testing';
import { PostgresErrands } from '../infrastructure/postgres-errands.store.js';
import { PostgresZoneTurns } from '../infrastructure/postgres-zone-turns.store.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import { Gate } from '../worker-world.fake.js';
import type { ServeZone } from '../zone-turn/serve-zone.use-case.js';
import { openWorkerDatabase, type WorkerDatabase } from '../worker-database.fake.js';
import type { RunErrands } from './run-errands.use-case.js';
import { WorkRunner } from './work-runner.js';

let opened: WorkerDatabase;
let dataSource: DataSource;
const run = (text: string, parameters: unknown[] = []): Promise<unknown[]> => sql(dataSource.manager, text, parameters);

beforeAll(async () => {
  opened = await openWorkerDatabase();
  ({ dataSource } = opened);
});
afterAll(() => opened?.close());

describe('the runner', () => {
  it('does not hold a turn that Postgres forgot in a crash, also where it was this same worker that took the next one', async () => {
    await run(`INSERT INTO zone_turn (zone_key, provider, zone_id, apex, quiet_ms) VALUES ('fake zone', 'fake', 'zone', 'example.com.', 0)`);
    await run(
      `INSERT INTO zone_work (id, connection_id, generation, step, kind, tenant_id, data, causation_id, lane, zone_key) VALUES ($1, 'con_1', 1, 'apply', 'apply', 'ten_1', '{}', $1, 0, 'fake zone')`,
      [newUuid()],
    );
    const turns = new PostgresZoneTurns(dataSource, systemClock);
    const served: ZoneTurn[] = [];
    const slow = new Gate();
    const serveZone = { run: (turn: ZoneTurn) => { served.push(turn); return slow.wait(); } } as Partial<ServeZone> as ServeZone;
    const log = createLogger({ service: 'dns-worker', level: 'silent' });
    const runner = new WorkRunner(turns, new PostgresErrands(dataSource), serveZone, {} as RunErrands, { concurrentZones: 2, clock: systemClock, log, tally: { turned: () => undefined } });
    runner.start();
    await eventually(() => served.length === 1);

    await run('UPDATE zone_turn SET holder = NULL, turn_until = NULL, fence = fence - 1');
    runner.nudge();
    await eventually(() => served.length === 2);
    const held = [await turns.hold(dataSource.manager, served[0]!, 0), await turns.hold(dataSource.manager, served[1]!, 0)];
    slow.open();
    await runner.stop();

    expect(served.map(({ fence }) => fence)).toEqual([1, 1]);
    expect(held).toEqual([false, true]);
  });
});
