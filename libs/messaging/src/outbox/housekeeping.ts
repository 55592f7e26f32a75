import { affected, type Sql } from '@connect/storage';

const atOnce = 5_000;

/**
 * Published rows go after 7 days, which is as far as the recovery looks back; inbox rows after 14, so that none goes before the last possible redelivery.
 * Dead letters that were replayed, and those that nobody could ever read, go after 30 days like their messages on the bus; the others wait until somebody replays or drops them.
 */
export async function sweepMessagingTables(runner: Sql): Promise<void> {
  const outbox = `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created_at < now() - interval '7 days' AND published_at < now() - interval '7 days' LIMIT ${atOnce})`;
  while ((await affected(runner, outbox)) === atOnce);
  const inbox = `DELETE FROM inbox WHERE (consumer, message_id) IN (SELECT consumer, message_id FROM inbox WHERE handled_at < now() - interval '14 days' LIMIT ${atOnce})`;
  while ((await affected(runner, inbox)) === atOnce);
  const dead = `DELETE FROM dead_letter WHERE id IN (
      SELECT id FROM dead_letter WHERE died_at < now() - interval '30 days' AND (replayed_at < now() - interval '30 days' OR code = 'malformed_message') LIMIT ${atOnce})`;
  while ((await affected(runner, dead)) === atOnce);
}
