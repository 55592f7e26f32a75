import { affected, type Sql } from '@connect/storage';

/**
 * What has ended is kept for 30 days: longer than a command may be delivered again (7 days in the stream, 14 in the inbox), so that the second delivery finds the
 * facts of the first. Receipts, and the plans they belong to, stay: a removal tells what they replaced. So do the ledger and what is open.
 */
const kept = "now() - interval '30 days'";
/** The longest window of a provider is 30 days; a bucket that nobody touched for longer is full, as a new one is. */
const keptBudget = "now() - interval '40 days'";
const atOnce = 5_000;

/** In this order, since a row goes after those that name it. Those that another replica is deleting are left to it. */
const oldRows = [
  ['write_intent', 'id', `state <> 'open' AND recorded_at < ${kept}`],
  ['zone_work', 'id', `state <> 'waiting' AND settled_at < ${kept} AND NOT EXISTS (SELECT FROM write_intent WHERE work_id = zone_work.id)`],
  ['change_plan', 'id', `made_at < ${kept} AND NOT EXISTS (SELECT FROM write_intent WHERE plan_id = change_plan.id) AND NOT EXISTS (SELECT FROM receipt WHERE plan_id = change_plan.id)`],
  ['budget', 'bucket_key', `filled_at < ${keptBudget} AND coalesce(blocked_until < now(), true)`],
  ['provider_circuit', 'circuit_key', `state = 'closed' AND since < ${kept}`],
] as const;

/** Deletes rows that nobody asks for any more, in portions. Returns how many. */
export async function sweepOldRows(runner: Sql): Promise<number> {
  let count = 0;
  for (const [table, key, condition] of oldRows) {
    const statement = `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)`;
    let gone: number;
    do {
      gone = await affected(runner, statement);
      count += gone;
    } while (gone === atOnce);
  }
  return count;
}
