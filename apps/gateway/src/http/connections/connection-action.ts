import { Injectable } from '@nestjs/common';
import type { Sql } from '@connect/storage';
import { ChangeConnection } from '../../connections/change-connection.js';
import type { ConnectionLife } from '../../connections/connection-life.js';
import { WaitUntilSettled } from '../../connections/wait-until-settled.js';
import { Once } from '../../idempotency/once.js';
import type { KeptAnswer } from '../../ports/idempotency.port.js';
import { Answer } from '../edge/answer.js';
import type { Asking } from '../edge/asking.js';
import { connectionView, type ConnectionView } from '../views/connection.view.js';

/** What all POSTs on connections have in common: once per Idempotency-Key, the connection as answer, and waiting if the caller likes to. */
@Injectable()
export class ConnectionAction {
  constructor(private readonly once: Once, private readonly changes: ChangeConnection, private readonly waiting: WaitUntilSettled) {}

  async run(asking: Asking, act: (tx: Sql) => Promise<ConnectionLife>): Promise<Answer> {
    const kept = await this.once.run(asking.call, async (tx, afterCommit) => {
      const life = await act(tx);
      afterCommit(() => this.changes.announce(life));
      return answerOf(life);
    });
    return this.answer(asking, kept);
  }

  /** For an act that is a transaction of its own where nothing has to be kept with it. */
  async runAlone(asking: Asking, act: { within(tx: Sql): Promise<ConnectionLife>; alone(): Promise<ConnectionLife> }): Promise<Answer> {
    if (asking.call !== null) return this.run(asking, (tx) => act.within(tx));
    const life = await act.alone();
    this.changes.announce(life);
    return this.answer(asking, answerOf(life));
  }

  private async answer({ caller, waitMs }: Asking, kept: KeptAnswer): Promise<Answer> {
    if (waitMs === 0) return new Answer(kept);
    const connection = await this.waiting.run(caller, (kept.body as ConnectionView).id, waitMs);
    return new Answer(connection === null ? kept : { ...kept, body: connectionView(connection) });
  }
}

function answerOf(life: ConnectionLife): KeptAnswer {
  return { status: 202, body: connectionView(life.connection), location: `/v1/connections/${life.connection.id}` };
}
