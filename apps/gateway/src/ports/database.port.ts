import type { Sql } from '@connect/storage';

/** The gateway's own database. What is done with `tx` becomes true together or not at all. Inside, every store is given `tx`: a second connection of the pool may never come. */
export abstract class Database {
  /** One statement at a time, each a transaction of its own. */
  abstract readonly direct: Sql;
  abstract transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
}
