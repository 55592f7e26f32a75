import { Injectable } from '@nestjs/common';
import type { Sql } from '@connect/storage';
import { Database } from '../ports/database.port.js';
import { Idempotency, type IdempotentCall, type KeptAnswer } from '../ports/idempotency.port.js';

/** Runs a POST at most once for its Idempotency-Key: effect and answer are kept in one transaction. */
@Injectable()
export class Once {
  constructor(private readonly database: Database, private readonly idempotency: Idempotency) {}

  /** `work` gets `afterCommit` for what may be told only when it is true. A repeated call gives the kept answer and has no effect. */
  async run(call: IdempotentCall | null, work: (tx: Sql, afterCommit: (tell: () => void) => void) => Promise<KeptAnswer>): Promise<KeptAnswer> {
    let tellings: (() => void)[] = [];
    const answer = await this.database.transaction(async (tx) => {
      tellings = [];
      const kept = call === null ? null : await this.idempotency.begin(tx, call);
      if (kept !== null) return kept;
      const made = await work(tx, (tell) => tellings.push(tell));
      if (call !== null) await this.idempotency.keep(tx, call, made);
      return made;
    });
    for (const tell of tellings) tell();
    return answer;
  }
}
