import type { DataSource } from 'typeorm';
import { ConnectError } from '@connect/domain';
import { sql, transaction, type Sql } from '@connect/storage';
import type { Transactions } from '../ports/transactions.port.js';

export class PostgresTransactions implements Transactions {
  constructor(private readonly dataSource: DataSource) {}

  run<T>(work: (tx: Sql, now: Date) => Promise<T>): Promise<T> {
    return transaction(this.dataSource, async (tx) => {
      const [row] = await sql<{ now: Date }>(tx, 'SELECT now() AS now');
      if (row === undefined) throw new ConnectError('internal', { detail: 'the database did not say its time' });
      return work(tx, row.now);
    });
  }
}
