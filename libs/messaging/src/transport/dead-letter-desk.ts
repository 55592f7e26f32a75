import type { DataSource } from 'typeorm';
import { deadLetterRequests, type DeadLetterLine, type DeadLetterWhole, type Replay, type RequestDefinition, type ServiceName } from '@connect/contracts';
import { ConnectError, type ErrorCode } from '@connect/domain';
import type { Logger } from '@connect/observability';
import { affected, sql } from '@connect/storage';
import type { Outcome } from '../outcome.js';
import { keptDelivery, type Delivery, type KeptMessage } from './delivery.js';

type Row = KeptMessage & { id: string; code: ErrorCode; detail: string | null; died_at: Date; replayed_at: Date | null };
type Answer = { definition: RequestDefinition; answer: (ask: never) => Promise<unknown> };

const columns = 'id, origin, subject, consumer, code, detail, deliveries, headers, body, died_at, replayed_at';
/** One answer has to fit into one message of the bus (1 MiB), also when it is escaped. */
const shownCharacters = 100_000;

/**
 * Where an operator asks for a service's dead letters. A replay hands the kept message to the handler in this process, under its first consumer and id: nothing is published again, so
 * nobody needs the right to, and the inbox knows it. It may therefore be repeated and may die half-way.
 */
export class DeadLetterDesk {
  constructor(private readonly dataSource: DataSource, private readonly log: Logger, private readonly redeliver: (delivery: Delivery) => Promise<Outcome>) {}

  answers(service: ServiceName): Answer[] {
    const { list, show, replay, drop } = deadLetterRequests(service);
    return [
      { definition: list, answer: ({ limit, replayed }: { limit: number; replayed: boolean }) => this.list(limit, replayed) },
      { definition: show, answer: ({ id }: { id: string }) => this.show(id) },
      { definition: replay, answer: ({ id }: { id: string }) => this.replay(id) },
      { definition: drop, answer: ({ id }: { id: string }) => this.drop(id) },
    ];
  }

  private async list(limit: number, replayed: boolean): Promise<{ letters: DeadLetterLine[] }> {
    const rows = await sql<Row>(this.dataSource.manager, `SELECT ${columns} FROM dead_letter WHERE replayed_at IS NULL OR $2 ORDER BY died_at DESC LIMIT $1`, [limit, replayed]);
    return { letters: rows.map(lineOf) };
  }

  private async show(id: string): Promise<DeadLetterWhole> {
    const row = await this.find(id);
    return { ...lineOf(row), headers: row.headers, body: row.body.slice(0, shownCharacters), body_characters: row.body.length };
  }

  private async replay(id: string): Promise<Replay> {
    const row = await this.find(id);
    if (row.replayed_at !== null) return { outcome: 'replayed_before', code: null, detail: null };
    const outcome = await this.redeliver(keptDelivery(row));
    this.log.info({ dead_letter: id, subject: row.subject, outcome: outcome.outcome }, 'a dead letter was handed to its handler again');
    switch (outcome.outcome) {
      case 'done':
        await sql(this.dataSource.manager, 'UPDATE dead_letter SET replayed_at = now() WHERE id = $1', [id]);
        return { outcome: 'done', code: null, detail: null };
      case 'later':
        return { outcome: 'later', code: null, detail: outcome.reason };
      case 'dead':
        await sql(this.dataSource.manager, 'UPDATE dead_letter SET code = $2, detail = $3, deliveries = deliveries + 1 WHERE id = $1', [id, outcome.code, outcome.detail]);
        return { outcome: 'dead', code: outcome.code, detail: outcome.detail };
    }
  }

  private async drop(id: string): Promise<Record<never, never>> {
    if ((await affected(this.dataSource.manager, 'DELETE FROM dead_letter WHERE id = $1', [id])) === 0) throw new ConnectError('not_found');
    this.log.info({ dead_letter: id }, 'a dead letter was dropped');
    return {};
  }

  private async find(id: string): Promise<Row> {
    const [row] = await sql<Row>(this.dataSource.manager, `SELECT ${columns} FROM dead_letter WHERE id = $1`, [id]);
    if (row === undefined) throw new ConnectError('not_found');
    return row;
  }
}

function lineOf({ id, subject, consumer, code, detail, deliveries, died_at, replayed_at }: Row): DeadLetterLine {
  return { id, subject, consumer, code, detail, deliveries, died_at: died_at.toISOString(), replayed_at: replayed_at?.toISOString() ?? null };
}
