/**
 * Tables of every service that sends or receives messages, for its own first migration. Instants are `timestamptz`.
 *
 * - `outbox`: what was decided and has to be told; kept 7 days after it was published, with the sequence that the bus gave it.
 * - `outbox_stream`: for each stream and kind of subject the stream's incarnation (its creation instant), up to where our messages are known to be consumed, and
 *   when the stream was last seen alive.
 * - `inbox`: what was handled; a row per consumer and message, kept longer than any outbox row.
 * - `dead_letter`: what could not be handled, before the bus hears of it.
 */
export function messagingTables(): string[] {
  return [
    `CREATE TABLE outbox (
      id uuid PRIMARY KEY,
      subject text NOT NULL,
      envelope json NOT NULL,
      traceparent text,
      created_at timestamptz NOT NULL DEFAULT now(),
      published_at timestamptz,
      stream text,
      stream_seq bigint,
      attempts integer NOT NULL DEFAULT 0,
      retry_at timestamptz
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)`,
    'CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL',
    'CREATE INDEX outbox_by_sequence ON outbox (stream, stream_seq) WHERE published_at IS NOT NULL',
    'CREATE INDEX outbox_age ON outbox USING brin (created_at)',
    `CREATE TABLE outbox_stream (
      stream text NOT NULL,
      prefix text NOT NULL,
      incarnation text NOT NULL,
      consumed_seq bigint NOT NULL DEFAULT 0,
      alive_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (stream, prefix)
    )`,
    `CREATE TABLE inbox (
      consumer text NOT NULL,
      message_id uuid NOT NULL,
      handled_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, message_id)
    )`,
    'CREATE INDEX inbox_age ON inbox USING brin (handled_at)',
    `CREATE TABLE dead_letter (
      id uuid PRIMARY KEY,
      origin text NOT NULL UNIQUE,
      subject text NOT NULL,
      consumer text NOT NULL,
      code text NOT NULL,
      detail text,
      deliveries integer NOT NULL,
      headers jsonb NOT NULL,
      body text NOT NULL,
      died_at timestamptz NOT NULL DEFAULT now(),
      replayed_at timestamptz
    )`,
    'CREATE INDEX dead_letter_waiting ON dead_letter (died_at) WHERE replayed_at IS NULL',
  ];
}
