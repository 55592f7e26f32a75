import type { Sql } from '@connect/storage';

/** The gateway's own database. What is done with `tx` becomes true together or not at all. */
export abstract class Database {
  abstract transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
}
