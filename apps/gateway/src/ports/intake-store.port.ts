import type { DomainEvent } from '@connect/contracts';
import type { Sql } from '@connect/storage';

/** Messages of other internal services that were answered, kept for 7 days per (publisher, id). */
export abstract class IntakeStore {
  /** `false`: the message was answered before; then its answer is sent again under the same event id. */
  abstract firstTime(tx: Sql, publisher: string, messageId: string, eventId: string): Promise<boolean>;
  /** Publishes `accepted` or `rejected`. */
  abstract answer(tx: Sql, event: DomainEvent): Promise<void>;
  abstract forgetOld(tx: Sql): Promise<void>;
}
