import { Injectable } from '@nestjs/common';
import { ConnectError } from '@connect/domain';
import { sql, type Sql } from '@connect/storage';
import { Idempotency, type IdempotentCall, type KeptAnswer } from '../ports/idempotency.port.js';

type Row = { request_hmac: Buffer; answer: KeptAnswer | null; abandoned: boolean };

/** Rows live 24 hours. A row without an answer belongs to a request that runs over several transactions, or that was cut short: after a minute it may be made again. */
@Injectable()
export class PostgresIdempotency extends Idempotency {
  async begin(tx: Sql, call: IdempotentCall): Promise<KeptAnswer | null> {
    const [lock] = await sql<{ taken: boolean }>(tx, 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken', [`${call.owner} ${call.key}`]);
    if (lock?.taken !== true) throw new ConnectError('in_progress');
    const [row] = await sql<Row>(
      tx,
      `SELECT request_hmac, answer, started_at < now() - interval '1 minute' AS abandoned FROM idempotency WHERE owner = $1 AND key = $2 AND started_at > now() - interval '24 hours'`,
      [call.owner, call.key],
    );
    if (row === undefined) return null;
    if (!row.request_hmac.equals(call.requestHmac)) throw new ConnectError('idempotency_key_reused');
    if (row.answer === null) {
      if (!row.abandoned) throw new ConnectError('in_progress');
      return null;
    }
    if (row.answer.shown_once === true) throw new ConnectError('already_shown');
    return row.answer;
  }

  async reserve(tx: Sql, call: IdempotentCall): Promise<void> {
    await this.store(tx, call, null);
  }

  async keep(tx: Sql, call: IdempotentCall, answer: KeptAnswer): Promise<void> {
    await this.store(tx, call, answer.shown_once === true ? { status: answer.status, body: null, shown_once: true } : answer);
  }

  async forget(tx: Sql, call: IdempotentCall): Promise<void> {
    await sql(tx, 'DELETE FROM idempotency WHERE owner = $1 AND key = $2 AND answer IS NULL', [call.owner, call.key]);
  }

  async forgetOld(tx: Sql): Promise<void> {
    await sql(tx, `DELETE FROM idempotency WHERE started_at < now() - interval '24 hours'`);
  }

  private async store(tx: Sql, call: IdempotentCall, answer: KeptAnswer | null): Promise<void> {
    await sql(
      tx,
      `INSERT INTO idempotency (owner, key, request_hmac, answer) VALUES ($1, $2, $3, $4)
       ON CONFLICT (owner, key) DO UPDATE SET request_hmac = excluded.request_hmac, answer = excluded.answer, started_at = now()`,
      [call.owner, call.key, call.requestHmac, answer === null ? null : JSON.stringify(answer)],
    );
  }
}
