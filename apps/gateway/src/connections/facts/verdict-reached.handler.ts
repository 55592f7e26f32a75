import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { unwatchConnection, verdictReached, type DataOf, type Message } from '@connect/contracts';
import { Handles, type Outcome } from '@connect/messaging';
import type { Sql } from '@connect/storage';
import { ClaimStore } from '../../ports/claim-store.port.js';
import type { ConnectionLife } from '../connection-life.js';
import { TakeFact } from './take-fact.js';
import { onVerdictReached } from './verdict-reached.decision.js';

type VerdictReached = Message<DataOf<typeof verdictReached>>;

@Controller()
export class VerdictReachedHandler {
  constructor(private readonly facts: TakeFact, private readonly claims: ClaimStore) {}

  @Handles(verdictReached)
  handle(@Payload() message: VerdictReached): Promise<Outcome> {
    return this.facts.run(message, { decide: (life, _, tx) => this.decide(life, message, tx) });
  }

  private async decide(life: ConnectionLife, { data }: VerdictReached, tx: Sql): Promise<void> {
    if (life.state !== 'archived') return onVerdictReached(life, data);
    // The connection has ended; what is left is the quarantine of its hostname.
    if (data.expectation !== 'absent' || data.projection.verdict !== 'absent') return;
    if ((await this.claims.sawAbsence(tx, life.connection.id)) === 'ended') life.send(unwatchConnection, {});
  }
}
