import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { BenchWorld } from './bench-world.js';
import { cpuSecondsOf, residentMbOf, type Row } from './figures.js';

const zoneCount = 100;
const measuredMs = 20_000;

/**
 * So many live names as one verifier has to keep an eye on: spread over the hour that their TTL allows, and all due at once, as after an outage. Their rows are put into its
 * table as they would be after a first look; the names are answered for by wildcards.
 */
export async function watchedNames(world: BenchWorld, names: number, say: (text: string) => void): Promise<Row[]> {
  const verifier = world.product.services.find(({ service }) => service === 'verifier')!;
  const database = new pg.Client({ connectionString: world.product.databaseUrls.verifier });
  await database.connect();
  try {
    say(`watching ${names} names`);
    const zones = Array.from({ length: zoneCount }, (_, i) => `watched${i}`);
    await world.zones(zones, [{ name: '*', type: 'CNAME', value: 'edge.saas.example.', ttlSeconds: 3600 }]);
    await database.query(
      `INSERT INTO watch (connection_id, tenant_id, generation, causation_id, expectation, record_sets, next_look_at, verdict)
       SELECT 'bench_' || i, 'ten_bench', 1, gen_random_uuid(), 'present',
         jsonb_build_array(jsonb_build_object('owner_name', 'n' || i || '.watched' || i % ${zoneCount} || '.test.', 'type', 'CNAME', 'ttl_seconds', 3600, 'values', jsonb_build_array('edge.saas.example.'))),
         now() + i * interval '1 hour' / $1, 'published'
       FROM generate_series(1, $1::int) AS i`,
      [names],
    );
    await database.query('ANALYZE watch');
    const spread = await looking();
    await database.query(`UPDATE watch SET next_look_at = now() WHERE tenant_id = 'ten_bench'`);
    const atOnce = await looking();
    const [{ wrong } = { wrong: -1 }] = (await database.query<{ wrong: number }>(`SELECT count(*)::int AS wrong FROM watch WHERE tenant_id = 'ten_bench' AND verdict <> 'published'`)).rows;
    if (wrong !== 0) throw new Error(`${wrong} of the watched names are not published any more`);
    return [
      { what: `${names} watched names, each looked at once an hour: CPU of the verifier`, ours: `${(spread.cpuShare * 100).toFixed(0)} % of a core (${spread.perSecond.toFixed(0)} looks/s)`, yardstick: '–', ratio: '–', goal: '–' },
      { what: `${names} watched names, all due at once: looks per second; resident size of the verifier`, ours: `${atOnce.perSecond.toFixed(0)}/s (${atOnce.perCpuSecond.toFixed(0)}/CPU s); ${residentMbOf(verifier.pid).toFixed(0)} MB`, yardstick: '–', ratio: '–', goal: '≤ 300 MB' },
    ];
  } finally {
    await database.query(`DELETE FROM watch WHERE tenant_id = 'ten_bench'`);
    await database.end();
  }

  async function looking(): Promise<{ perSecond: number; perCpuSecond: number; cpuShare: number }> {
    const looks = async (): Promise<number> => (await database.query<{ looks: number }>(`SELECT count(*)::int AS looks FROM watch WHERE tenant_id = 'ten_bench' AND looked_at > $1`, [since])).rows[0]!.looks;
    const since = (await database.query<{ now: Date }>('SELECT now()')).rows[0]!.now;
    const [cpuBefore, began] = [cpuSecondsOf(verifier.pid), performance.now()];
    await pause(measuredMs);
    const [cpu, seconds] = [cpuSecondsOf(verifier.pid) - cpuBefore, (performance.now() - began) / 1000];
    const done = await looks();
    return { perSecond: done / seconds, perCpuSecond: done / cpu, cpuShare: cpu / seconds };
  }
}
