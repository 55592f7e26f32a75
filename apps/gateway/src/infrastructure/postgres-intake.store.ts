import { Injectable } from '@nestjs/common';
import { domainEventSubject, type DomainEvent } from '@connect/contracts';
import { Outbox } from '@connect/messaging';
import { sql, type Sql } from '@connect/storage';
import { IntakeStore } from '../ports/intake-store.port.js';
import { uuidOfId } from './uuid-of-id.js';

@Injectable()
export class PostgresIntakeStore extends IntakeStore {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  async firstTime(tx: Sql, publisher: string, messageId: string, eventId: string): Promise<boolean> {
    const [stored] = await sql<{ event_id: string }>(
      tx,
      'INSERT INTO intake_message (publisher, message_id, event_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING event_id',
      [publisher, messageId, uuidOfId(eventId)],
    );
    if (stored !== undefined) return true;
    // Who sends again did not see the answer: the relay publishes it once more, and the bus drops it where it still knows the id.
    await sql(tx, 'UPDATE outbox SET published_at = NULL, retry_at = NULL, attempts = 0 WHERE id = (SELECT event_id FROM intake_message WHERE publisher = $1 AND message_id = $2)', [publisher, messageId]);
    return false;
  }

  async answer(tx: Sql, event: DomainEvent): Promise<void> {
    await this.outbox.addRaw(tx, { id: uuidOfId(event.id), subject: domainEventSubject(event.type), body: event });
  }

  async forgetOld(tx: Sql): Promise<void> {
    await sql(tx, "DELETE FROM intake_message WHERE received_at < now() - interval '7 days'");
  }
}
