import type { Sql } from '@connect/storage';

/** One POST with an Idempotency-Key. `owner` is the API key that asks; `requestHmac` is over method, path and body. */
export type IdempotentCall = { owner: string; key: string; requestHmac: Buffer };
/** What is kept of an answer for 24 hours. `shown_once`: it held a secret, so its body is not kept. */
export type KeptAnswer = { status: number; body: unknown; location?: string; shown_once?: true };

export abstract class Idempotency {
  /**
   * Claims the key within the transaction; gives the kept answer if there is one. Throws `in_progress` while another request runs,
   * `idempotency_key_reused` for another body, `already_shown`.
   */
  abstract begin(tx: Sql, call: IdempotentCall): Promise<KeptAnswer | null>;
  /** For a call over several transactions: marks it as running. */
  abstract reserve(tx: Sql, call: IdempotentCall): Promise<void>;
  abstract keep(tx: Sql, call: IdempotentCall, answer: KeptAnswer): Promise<void>;
  /** Forgets a running call that ended without an effect. */
  abstract forget(tx: Sql, call: IdempotentCall): Promise<void>;
  abstract forgetOld(tx: Sql): Promise<void>;
}
