import type { Sql } from '@connect/storage';

/** What is done with `tx` becomes true together or not at all; `now` is the database's instant, which all workers share. */
export interface Transactions {
  run<T>(work: (tx: Sql, now: Date) => Promise<T>): Promise<T>;
}
