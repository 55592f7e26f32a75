import { Injectable } from '@nestjs/common';
import type { Sql } from '@connect/storage';
import { ChangeConnection } from '../../connections/change-connection.js';
import type { ConnectionLife } from '../../connections/connection-life.js';
import { WaitUntilSettled } from '../../connections/wait-until-settled.js';
import { Once } from '../../idempotency/once.js';
import { Answer } from '../edge/answer.js';
import type { Asking } from '../edge/asking.js';
import { connectionView, type ConnectionView } from '../views/connection.view.js';

/** What all POSTs on connections have in common: once per Idempotency-Key, the connection as answer, and waiting if the caller likes to. */
@Injectable()
export class ConnectionAction {
  constructor(private readonly once: Once, private readonly changes: ChangeConnection, private readonly waiting: WaitUntilSettled) {}

  async run({ caller, call, waitMs }: Asking, act: (tx: Sql) => Promise<ConnectionLife>): Promise<Answer> {
    const kept = await this.once.run(call, async (tx, afterCommit) => {
      const life = await act(tx);
      afterCommit(() => this.changes.announce(life));
      return { status: 202, body: connectionView(life.connection), location: `/v1/connections/${life.connection.id}` };
    });
    if (waitMs === 0) return new Answer(kept);
    const connection = await this.waiting.run(caller, (kept.body as ConnectionView).id, waitMs);
    return new Answer(connection === null ? kept : { ...kept, body: connectionView(connection) });
  }
}
