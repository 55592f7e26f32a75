import { Injectable } from '@nestjs/common';
import { affected, type Sql } from '@connect/storage';

/** What a consumer has handled. The row is written in the transaction of the effect, so that a redelivery finds both or neither. */
@Injectable()
export class Inbox {
  /** True the first time. A second delivery that runs at the same time waits here for the first one's commit. */
  async firstTime(tx: Sql, consumer: string, messageId: string): Promise<boolean> {
    return (await affected(tx, 'INSERT INTO inbox (consumer, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [consumer, messageId])) === 1;
  }
}

/** The insertion as text, for a caller that makes it a part of one larger statement: of the column `message_id` of `source`. Returns the ids that came the first time. */
export function inboxInsertion(consumer: string, source: string): string {
  return `INSERT INTO inbox (consumer, message_id) SELECT '${consumer}', message_id FROM ${source} ON CONFLICT DO NOTHING RETURNING message_id`;
}
