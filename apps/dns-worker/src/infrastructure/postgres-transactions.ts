import type { DataSource } from 'typeorm';
import { transaction, type Sql } from '@connect/storage';
import type { Transactions } from '../ports/transactions.port.js';

export class PostgresTransactions implements Transactions {
  constructor(private readonly dataSource: DataSource) {}

  run<T>(work: (tx: Sql, now: Date) => Promise<T>): Promise<T> {
    return transaction(this.dataSource, work);
  }
}
